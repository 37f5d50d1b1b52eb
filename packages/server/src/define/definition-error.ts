import { type Language, say, type Text, type TextData } from '@maque/kit';

const PROBLEMS = {
  NAME_INVALID: {
    en: '{where}: a name starts with a small letter and goes on with letters, digits and _, 48 at most',
    zh: '{where}：名称须以小写字母开头，其后为字母、数字或 _，最长 48 个字符',
  },
  NAME_RESERVED: { en: '{where}: this name is taken by Maque', zh: '{where}：该名称为麻雀保留' },
  NAME_DUPLICATE: {
    en: '{where}: differs from {other} only by upper and lower case, which a database cannot tell apart',
    zh: '{where}：与 {other} 仅大小写不同，数据库无法区分',
  },
  COLLECTION_TWICE: {
    en: '{where}: is the same declaration as {other}; declare each with a collection(…) of its own',
    zh: '{where}：与 {other} 是同一个声明；请各自用 collection(…) 声明',
  },
  MONEY_NAME: {
    en: '{where}: the name of a money field ends in _fen, so that nobody takes it for yuan',
    zh: '{where}：金额字段名须以 _fen 结尾，以免被误认为元',
  },
  BOUNDS_INVALID: { en: '{where}: {reason}', zh: '{where}：{reason}' },
  DEFAULT_INVALID: { en: '{where}: the default {reason}', zh: '{where}：默认值有误（{reason}）' },
  UNIQUE_UNSUITED: {
    en: '{where}: a field of kind {kind} cannot be unique',
    zh: '{where}：{kind} 类型的字段不能设为唯一',
  },
  TRAIT_UNSUITED: {
    en: '{where}: only a field of a collection can be {trait}',
    zh: '{where}：只有集合的字段才能设为 {trait}',
  },
  HIDDEN_REQUIRED: {
    en: '{where}: nobody could fill it in when a record is created; give it a .default(…) or make it .optional()',
    zh: '{where}：创建记录时无人能填写该隐藏字段；请加 .default(…) 或 .optional()',
  },
  FIELD_UNKNOWN: {
    en: '{where}: there is no field {field}{near}',
    zh: '{where}：没有字段 {field}{near}',
  },
  FIELD_UNSUITED: {
    en: '{where}: {field} is of kind {kind}, which cannot be compared or ordered by',
    zh: '{where}：{field} 是 {kind} 类型，不能比较或排序',
  },
  RULE_INVALID: { en: '{where}: {reason}', zh: '{where}：{reason}' },
  ROLE_INVALID: {
    en: '{where}: a role starts with a small letter and goes on with letters, digits, _ and -, 48 at most; admin is there anyway',
    zh: '{where}：角色名须以小写字母开头，其后为字母、数字、_ 或 -，最长 48 个字符；admin 为内置角色',
  },
  ROLE_UNKNOWN: {
    en: '{where}: there is no role {role}{near}; name it in defineApp({ roles })',
    zh: '{where}：没有角色 {role}{near}；请在 defineApp({ roles }) 中声明',
  },
  DURATION_INVALID: {
    en: '{where}: {value} is not a duration such as 30s or 5m',
    zh: '{where}：{value} 不是 30s、5m 这样的时长',
  },
  RELATION_UNKNOWN: {
    en: '{where}: the collection that it refers to is not in this app',
    zh: '{where}：所指向的集合不在本应用中',
  },
  PATH_INVALID: {
    en: '{where}: a path is segments of letters, digits, - and _, or :name, each after a /',
    zh: '{where}：路径由 / 开头的段组成，每段为字母、数字、-、_ 或 :参数名',
  },
  PATH_RESERVED: { en: '{where}: this path is taken by {other}', zh: '{where}：该路径已被 {other} 占用' },
  HANDLER_INVALID: { en: '{where}: must be a function', zh: '{where}：应为函数' },
  HANDLER_UNKNOWN: {
    en: '{where}: there is no such handler{near}; there are {known}',
    zh: '{where}：没有这个处理函数{near}；可用的有 {known}',
  },
  OPTION_UNKNOWN: {
    en: '{where}: there is no such option{near}; there are {known}',
    zh: '{where}：没有这个选项{near}；可用的有 {known}',
  },
  AUDIENCE_INVALID: {
    en: '{where}: auth is public, optional, user, staff, admin or role(…), not {auth}',
    zh: '{where}：auth 应为 public、optional、user、staff、admin 或 role(…)，不能是 {auth}',
  },
  BODY_UNSUITED: { en: '{where}: a GET has no body', zh: '{where}：GET 没有请求体' },
  QUERY_UNSUITED: {
    en: '{where}: a field of kind {kind} does not fit into a query string',
    zh: '{where}：{kind} 类型的字段不能放在查询字符串中',
  },
} as const satisfies Record<string, Text>;

/** One thing that is wrong in a declaration, as data. */
export interface DefinitionProblem {
  readonly code: keyof typeof PROBLEMS;
  /** Where: `collections.orders.fields.total_fen`. */
  readonly where: string;
  readonly data: TextData;
}

/** Everything that is wrong in a declaration. */
export class DefinitionError extends Error {
  readonly problems: readonly DefinitionProblem[];

  constructor(problems: readonly DefinitionProblem[]) {
    super(textOf(problems, 'en'));
    this.name = 'DefinitionError';
    this.problems = problems;
  }

  /** All problems, one a line, in the language of whoever reads them. */
  messageIn(language: Language): string {
    return textOf(this.problems, language);
  }
}

function textOf(problems: readonly DefinitionProblem[], language: Language): string {
  return problems
    .map(({ code, where, data }) => say(PROBLEMS[code], language, { ...data, where }))
    .join('\n');
}

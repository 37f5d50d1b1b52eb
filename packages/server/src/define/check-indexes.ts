import type { Text } from '@maque/kit';
import { INDEXED_TEXT_MAX } from './check-bounds.ts';
import type { AnyCollection } from './collection.ts';
import { fieldAt, isScalar, recordFields } from './condition.ts';
import type { Field, Fields } from './field.ts';
import type { Problems } from './problems.ts';

/** What InnoDB takes in one index. */
const INDEX_KEYS_MAX = 16;
/** Each field that is searched is a column of the search index; more would be a document. */
const SEARCH_FIELDS_MAX = 8;

const REASON = {
  indexKeys: { en: 'an index names 1 to {max} fields', zh: '索引应包含 1 到 {max} 个字段' },
  longIndex: {
    en: '{field} is too long to be indexed: {max} characters at most',
    zh: '{field} 过长，不能建索引：最多 {max} 个字符',
  },
  longSort: {
    en: '{field} is too long for lists to be ordered by: {max} characters at most',
    zh: '{field} 过长，列表不能按它排序：最多 {max} 个字符',
  },
  placeAlone: {
    en: '{field} is a point on the map, and has an index of its own: [{field}]',
    zh: '{field} 是坐标，请单独建索引：[{field}]',
  },
  hiddenSort: {
    en: '{field} is hidden, so lists cannot be ordered by it',
    zh: '{field} 是隐藏字段，列表不能按它排序',
  },
  hiddenSearch: {
    en: '{field} is hidden, so a search must not find by it',
    zh: '{field} 是隐藏字段，不能用于搜索',
  },
  searchKind: {
    en: '{field} is of kind {kind}, which has no words',
    zh: '{field} 是 {kind} 类型，没有可搜索的文字',
  },
  searchCount: { en: 'at most {max} fields are searched, each once', zh: '最多搜索 {max} 个字段，不能重复' },
} as const satisfies Record<string, Text>;

/** Checks what lists of a collection go by: indexes, their order, and what is searched. */
export function checkIndexes(declared: AnyCollection, where: string, problems: Problems): void {
  const fields = recordFields(declared);
  for (const [position, index] of declared.indexes.entries()) {
    checkIndex(fields, index, `${where}.indexes.${position}`, problems);
  }
  for (const key of declared.sort) checkOrder(fields, key, `${where}.sort`, problems);
  checkSearch(fields, declared.search, `${where}.search`, problems);
}

function checkIndex(fields: Fields, index: readonly string[], where: string, problems: Problems): void {
  if (index.length === 0 || index.length > INDEX_KEYS_MAX)
    problems.add('BOUNDS_INVALID', where, { reason: REASON.indexKeys, max: INDEX_KEYS_MAX });
  for (const key of index) {
    const name = key.replace(/^-/, '');
    const target = fieldAt(fields, name);
    if (target?.spec.kind === 'geo' && !name.includes('.')) {
      if (index.length > 1 || key !== name)
        problems.add('BOUNDS_INVALID', where, { reason: REASON.placeAlone, field: name });
    } else {
      checkKey(fields, name, where, problems);
    }
    if (isLong(target))
      problems.add('BOUNDS_INVALID', where, { reason: REASON.longIndex, field: key, max: INDEXED_TEXT_MAX });
  }
}

/** The order of lists is known to callers, through cursors, so a hidden field cannot make it. */
function checkOrder(fields: Fields, key: string, where: string, problems: Problems): void {
  const name = key.replace(/^-/, '');
  checkKey(fields, name, where, problems);
  if (fields[name]?.isHidden === true)
    problems.add('RULE_INVALID', where, { reason: REASON.hiddenSort, field: name });
  if (isLong(fieldAt(fields, name)))
    problems.add('BOUNDS_INVALID', where, { reason: REASON.longSort, field: name, max: INDEXED_TEXT_MAX });
}

/** Too long for an index, and for the cursor of a list. */
function isLong(target: Field | undefined): boolean {
  return target?.spec.kind === 'text' && target.spec.maxLength > INDEXED_TEXT_MAX;
}

function checkKey(fields: Fields, name: string, where: string, problems: Problems): void {
  const target = fieldAt(fields, name);
  if (target === undefined) problems.unknownField(fields, name, where);
  else if (!isScalar(target)) problems.unsuitedField(fields, name, where);
}

function checkSearch(fields: Fields, names: readonly string[], where: string, problems: Problems): void {
  if (names.length > SEARCH_FIELDS_MAX || new Set(names).size < names.length)
    problems.add('BOUNDS_INVALID', where, { reason: REASON.searchCount, max: SEARCH_FIELDS_MAX });
  for (const name of names) {
    const target = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const kind = target?.spec.kind;
    if (target === undefined) problems.unknownField(fields, name, where);
    else if (kind !== 'text' && kind !== 'richText')
      problems.add('BOUNDS_INVALID', where, { reason: REASON.searchKind, field: name, kind });
    else if (target.isHidden)
      problems.add('RULE_INVALID', where, { reason: REASON.hiddenSearch, field: name });
  }
}

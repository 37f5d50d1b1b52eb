import type { ApiFacts } from '../http/api-facts.ts';
import { listField, numberField, toNumber, toText } from '../http/read-fields.ts';
import type { ApiCaller } from '../token/call-with-token.ts';

/** A category of the mini-program; it decides which public templates can be chosen. */
export interface TemplateCategory {
  readonly id: string;
  readonly name: string;
}

export interface PublicTitle {
  /** WeChat's `tid`. */
  readonly id: string;
  readonly title: string;
  readonly kind: 'one-time' | 'long-term';
  readonly categoryId: string;
}

export interface PublicTitleQuery {
  readonly categoryIds: readonly string[];
  /** How many to leave out: 0 unless told. */
  readonly start?: number;
  /** 1 to 30; 30 unless told. */
  readonly limit?: number;
}

export interface PublicKeyword {
  /** WeChat's `kid`. */
  readonly id: number;
  readonly name: string;
  readonly example: string;
  /** The kind of its key: `thing`. */
  readonly rule: string;
}

export const LIST_CATEGORIES: ApiFacts = {
  method: 'GET',
  path: '/wxaapi/newtmpl/getcategory',
  page: 'getCategory',
  call: 'client.messages.categories',
  summary: { en: 'The categories of the mini-program.', zh: '获取小程序账号的类目。' },
  errcodes: [-1, 40001],
};

export const LIST_PUBLIC_TITLES: ApiFacts = {
  method: 'GET',
  path: '/wxaapi/newtmpl/getpubtemplatetitles',
  page: 'getPubTemplateTitleList',
  call: 'client.messages.publicTitles',
  summary: { en: 'Titles of the public library, by category.', zh: '按类目获取公共模板标题。' },
  errcodes: [-1, 40001, 200016, 200017, 200018, 200019],
};

export const LIST_PUBLIC_KEYWORDS: ApiFacts = {
  method: 'GET',
  path: '/wxaapi/newtmpl/getpubtemplatekeywords',
  page: 'getPubTemplateKeyWordsById',
  call: 'client.messages.publicKeywords',
  summary: { en: 'The keywords that a public title offers.', zh: '获取公共模板标题下的关键词。' },
  errcodes: [-1, 40001, 200014],
};

/** @throws WechatError */
export async function listCategories(callApi: ApiCaller): Promise<TemplateCategory[]> {
  const answer = await callApi({ ...LIST_CATEGORIES, maxRetries: 2, secrets: [] });
  return listField(LIST_CATEGORIES.path, answer, 'data').map(({ id, name }) => ({
    id: toText(id),
    name: toText(name),
  }));
}

/** One page of titles, and how many there are in all. @throws WechatError */
export async function listPublicTitles(
  callApi: ApiCaller,
  { categoryIds, start = 0, limit = 30 }: PublicTitleQuery,
): Promise<{ readonly total: number; readonly titles: readonly PublicTitle[] }> {
  const query = { ids: categoryIds.join(','), start: String(start), limit: String(limit) };
  const answer = await callApi({ ...LIST_PUBLIC_TITLES, query, maxRetries: 2, secrets: [] });
  const titles = listField(LIST_PUBLIC_TITLES.path, answer, 'data').map((title) => ({
    id: toText(title.tid),
    title: toText(title.title),
    kind: toNumber(title.type) === 3 ? ('long-term' as const) : ('one-time' as const),
    categoryId: toText(title.categoryId),
  }));
  return { total: numberField(LIST_PUBLIC_TITLES.path, answer, 'count'), titles };
}

/** The keywords of a title: 2 to 5 of them make a template. @throws WechatError */
export async function listPublicKeywords(callApi: ApiCaller, titleId: string): Promise<PublicKeyword[]> {
  const answer = await callApi({
    ...LIST_PUBLIC_KEYWORDS,
    query: { tid: titleId },
    maxRetries: 2,
    secrets: [],
  });
  return listField(LIST_PUBLIC_KEYWORDS.path, answer, 'data').map(({ kid, name, example, rule }) => ({
    id: toNumber(kid) ?? 0,
    name: toText(name),
    example: toText(example),
    rule: toText(rule),
  }));
}

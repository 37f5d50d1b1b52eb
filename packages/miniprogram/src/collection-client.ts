import type { Page } from '@maque/contract';
import type { Filter } from './filter.ts';
import type { ApiPath, ApiRequest } from './requester.ts';

type SortKey<Name extends string> = Name | `-${Name}`;

export interface ListOptions<Name extends string> {
  /** Records of one page, 1 to 100; the server gives 20 unless told. */
  readonly limit?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
  /** Fields to order by, `-` before one for descending; the collection's own order unless told. */
  readonly sort?: readonly SortKey<Name>[];
  /** Made with the `filter` tag, which quotes what users typed. */
  readonly filter?: Filter | string;
}

/** The calls of one collection. Each throws `ApiError`. */
export interface CollectionClient<Row, NewRow, Changes> {
  list(options?: ListOptions<keyof Row & string>): Promise<Page<Row>>;
  /** Only some fields of each record: less to send to a phone. */
  list<const Chosen extends keyof Row & string>(
    options: ListOptions<keyof Row & string> & { readonly fields: readonly Chosen[] },
  ): Promise<Page<Pick<Row, Chosen>>>;
  /** Page after page to the end: `for await (const { items } of products.pages({ limit: 100 }))`. */
  pages(options?: ListOptions<keyof Row & string>): AsyncIterableIterator<Page<Row>>;
  get(id: string): Promise<Row>;
  create(record: NewRow): Promise<Row>;
  update(id: string, changes: Changes): Promise<Row>;
  remove(id: string): Promise<void>;
}

type Send = (request: ApiRequest) => Promise<unknown>;
type AnyListOptions = ListOptions<string> & { readonly fields?: readonly string[] };

export function createCollectionClient<Row, NewRow, Changes>(
  name: string,
  send: Send,
): CollectionClient<Row, NewRow, Changes> {
  const all: ApiPath = `/${encodeURIComponent(name)}`;
  const one = (id: string): ApiPath => `${all}/${encodeURIComponent(id)}`;
  // Shapes are the server's promise: it answers by the declaration that the types come from.
  const list = async (options: AnyListOptions = {}) =>
    (await send({ method: 'GET', path: all, query: queryOf(options) })) as Page<Row>;
  return {
    list: list as CollectionClient<Row, NewRow, Changes>['list'],
    pages: (options) => pagesOf(list, options),
    get: async (id) => (await send({ method: 'GET', path: one(id) })) as Row,
    create: async (record) => (await send({ method: 'POST', path: all, body: record })) as Row,
    update: async (id, changes) => (await send({ method: 'PATCH', path: one(id), body: changes })) as Row,
    remove: async (id) => {
      await send({ method: 'DELETE', path: one(id) });
    },
  };
}

async function* pagesOf<Row>(
  list: (options: AnyListOptions) => Promise<Page<Row>>,
  options: AnyListOptions = {},
): AsyncIterableIterator<Page<Row>> {
  let page = await list(options);
  yield page;
  while (page.nextCursor !== null) {
    page = await list({ ...options, cursor: page.nextCursor });
    yield page;
  }
}

function queryOf(options: AnyListOptions): ApiRequest['query'] {
  const { limit, cursor, sort, filter, fields } = options;
  return { limit, cursor, sort: sort?.join(), filter: filter?.toString(), fields: fields?.join() };
}

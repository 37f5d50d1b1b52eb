import type { Page } from '@maque/contract';
import type {
  CollectionShape,
  DocumentPath,
  NamesOfKind,
  NewRowOf,
  RowChangesOf,
  RowOf,
} from './app-types.ts';
import { type BatchSteps, batchStepsOf } from './batch.ts';
import type { ExpandedIn, ExpandPath } from './expand-types.ts';
import type { Filter } from './filter.ts';
import { newIdempotencyKey } from './idempotency-key.ts';
import type { ApiPath, ApiRequest } from './requester.ts';
import { type UpdateCondition, versionOf } from './update-condition.ts';

type OrderedKind = 'text' | 'int' | 'money' | 'bool' | 'datetime' | 'enum' | 'relation' | 'user' | 'file';
type FactName = 'id' | 'createdAt' | 'updatedAt';
type SortName<C extends CollectionShape> =
  | NamesOfKind<C['fields'], OrderedKind>
  | DocumentPath<C['fields'], OrderedKind>
  | FactName;
type SortKey<C extends CollectionShape> = SortName<C> | `-${SortName<C>}`;
type GeoName<C extends CollectionShape> = NamesOfKind<C['fields'], 'geo'>;
type Name<C extends CollectionShape> = keyof RowOf<C> & string;

/** A circle on the map. */
export interface NearQuery<Name extends string> {
  /** The field that holds the place. */
  readonly field: Name;
  /** Degrees, as `wx.getLocation` gives them. */
  readonly lat: number;
  readonly lng: number;
  /** 1 to 100,000. */
  readonly meters: number;
}

/** What is answered of each record. */
export interface ViewOptions<Chosen extends string, Path extends string> {
  /** Only some fields of each record: less to send to a phone. */
  readonly fields?: readonly Chosen[];
  /** Relations whose records come along in `expanded`. */
  readonly expand?: readonly Path[];
}

export interface ListOptions<C extends CollectionShape> {
  /** Records of one page at most, 1 to 100; the server gives 20 unless told, and fewer where they are long. */
  readonly limit?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
  /**
   * Fields to order by, `-` before one for descending; the collection's own order unless told, the best first where
   * `search` is given, the nearest first where `near` is.
   */
  readonly sort?: readonly SortKey<C>[];
  /** Made with the `filter` tag, which quotes what users typed. */
  readonly filter?: Filter | string;
  /** What a user typed, looked for in the fields that the collection searches. */
  readonly search?: string;
  /** Only what lies in a circle; each record has its `distance_m`. */
  readonly near?: NearQuery<GeoName<C>>;
  /** Whether to count: `total` of the page. */
  readonly count?: boolean;
}

export interface CreateOptions {
  /**
   * Under one key the server creates one record, however often it is asked within 24 hours. The client makes one for each
   * call and keeps it while it tries again; give your own to try again after the mini-program was closed.
   */
  readonly idempotencyKey?: string;
}

/** One record as it is answered. */
export type ItemOf<C extends CollectionShape, Chosen extends Name<C>, Path extends string> = ([
  Name<C>,
] extends [Chosen]
  ? RowOf<C>
  : Pick<RowOf<C>, Chosen>) &
  ExpandedIn<C, Path> &
  ([GeoName<C>] extends [never]
    ? unknown
    : {
        /** Meters from the point of `near`, where that was asked for. */
        readonly distance_m?: number;
      });

/** The calls of one collection. Each throws `ApiError`. */
export interface CollectionClient<C extends CollectionShape> {
  list<const Chosen extends Name<C> = Name<C>, const Path extends ExpandPath<C> = never>(
    options?: ListOptions<C> & ViewOptions<Chosen, Path>,
  ): Promise<Page<ItemOf<C, Chosen, Path>>>;
  /** Page after page to the end: `for await (const { items } of products.pages({ limit: 100 }))`. */
  pages<const Chosen extends Name<C> = Name<C>, const Path extends ExpandPath<C> = never>(
    options?: ListOptions<C> & ViewOptions<Chosen, Path>,
  ): AsyncIterableIterator<Page<ItemOf<C, Chosen, Path>>>;
  get<const Chosen extends Name<C> = Name<C>, const Path extends ExpandPath<C> = never>(
    id: string,
    view?: ViewOptions<Chosen, Path>,
  ): Promise<ItemOf<C, Chosen, Path>>;
  /** Creates one record; a lost answer is asked for again and does not make two. */
  create(record: NewRowOf<C>, options?: CreateOptions): Promise<RowOf<C>>;
  update(id: string, changes: RowChangesOf<C>, condition?: UpdateCondition): Promise<RowOf<C>>;
  remove(id: string, condition?: UpdateCondition): Promise<void>;
  /** Brings back what was removed, where the collection keeps it for a while. */
  restore(id: string): Promise<RowOf<C>>;
  /** The same writes as steps of `client.batch`. */
  readonly batch: BatchSteps<C>;
}

type Send = (request: ApiRequest) => Promise<unknown>;

// Shapes are the server's promise: it answers by the declaration that the types come from.
interface AnyListOptions {
  readonly limit?: number;
  readonly cursor?: string;
  readonly sort?: readonly string[];
  readonly filter?: Filter | string;
  readonly search?: string;
  readonly near?: NearQuery<string>;
  readonly count?: boolean;
  readonly fields?: readonly string[];
  readonly expand?: readonly string[];
}

interface AnyCollectionClient {
  list(options?: AnyListOptions): Promise<unknown>;
  pages(options?: AnyListOptions): AsyncIterableIterator<unknown>;
  get(id: string, view?: AnyListOptions): Promise<unknown>;
  create(record: unknown, options?: CreateOptions): Promise<unknown>;
  update(id: string, changes: unknown, condition?: UpdateCondition): Promise<unknown>;
  remove(id: string, condition?: UpdateCondition): Promise<void>;
  restore(id: string): Promise<unknown>;
  readonly batch: unknown;
}

export function createCollectionClient<C extends CollectionShape>(
  name: string,
  send: Send,
): CollectionClient<C> {
  const all: ApiPath = `/${encodeURIComponent(name)}`;
  const one = (id: string): ApiPath => `${all}/${encodeURIComponent(id)}`;
  const list = async (options: AnyListOptions = {}) =>
    (await send({ method: 'GET', path: all, query: queryOf(options) })) as Page<unknown>;
  const client: AnyCollectionClient = {
    list,
    pages: (options) => pagesOf(list, options),
    get: (id, view = {}) => send({ method: 'GET', path: one(id), query: queryOf(view) }),
    create: (record, { idempotencyKey = newIdempotencyKey() } = {}) =>
      send({ method: 'POST', path: all, body: record, idempotencyKey }),
    update: (id, changes, condition) =>
      send({ method: 'PATCH', path: one(id), body: changes, ifMatch: versionOf(condition) }),
    remove: async (id, condition) => {
      await send({ method: 'DELETE', path: one(id), ifMatch: versionOf(condition) });
    },
    restore: (id) => send({ method: 'POST', path: `${one(id)}/restore` }),
    batch: batchStepsOf(name),
  };
  return client as CollectionClient<C>;
}

async function* pagesOf(
  list: (options: AnyListOptions) => Promise<Page<unknown>>,
  options: AnyListOptions = {},
): AsyncIterableIterator<Page<unknown>> {
  let page = await list(options);
  yield page;
  while (page.nextCursor !== null) {
    page = await list({ ...options, cursor: page.nextCursor });
    yield page;
  }
}

function queryOf(options: AnyListOptions): ApiRequest['query'] {
  const { sort, filter, fields, expand, near, ...plain } = options;
  return {
    ...plain,
    sort: sort?.join(),
    filter: filter?.toString(),
    fields: fields?.join(),
    expand: expand?.join(),
    near: near && [near.field, near.lat, near.lng, near.meters].join(),
  };
}

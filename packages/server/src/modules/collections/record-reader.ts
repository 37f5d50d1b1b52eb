import { errors } from '@maque/contract';
import { ANONYMOUS } from '../../http/route-config.ts';
import type { SqlValue } from '../../ports/database.ts';
import type { Identity } from '../../ports/identity.ts';
import type { Position } from '../records/list-order.ts';
import { type Column, type RecordModel, recordOf } from '../records/record-model.ts';
import type { Records } from '../records/records.ts';
import type { SortTerm } from '../records/sort-terms.ts';
import { conditionOfAccess } from './access.ts';
import type { CollectionAccess } from './collection-access.ts';
import type { CursorSigner } from './cursor-signer.ts';
import { parseListQuery, type RawListQuery } from './list-query.ts';
import { PageWriter } from './page-writer.ts';
import { recordJson } from './record-json.ts';
import { callerIdOf } from './standing.ts';

/** What callers may see of one collection. Answers are JSON text. */
export class RecordReader {
  readonly model: RecordModel;
  readonly access: CollectionAccess;
  readonly #records: Records;
  readonly #signer: CursorSigner;
  readonly #writer: PageWriter;

  constructor(model: RecordModel, access: CollectionAccess, records: Records, signer: CursorSigner) {
    this.model = model;
    this.access = access;
    this.#records = records;
    this.#signer = signer;
    this.#writer = new PageWriter(model.visibleColumns);
  }

  /** Whether lists of this caller are the same as anybody's, so that one answer serves all. */
  sharesLists(identity: Identity): boolean {
    return identity.kind === 'user' || identity.kind === 'anonymous'
      ? JSON.stringify(this.access.rightsOf(identity).list) ===
          JSON.stringify(this.access.rightsOf(ANONYMOUS).list)
      : false;
  }

  /** One page. @throws CodedError of the query, AUTH_REQUIRED, FORBIDDEN. */
  async list(identity: Identity, raw: RawListQuery): Promise<string> {
    const rule = conditionOfAccess(this.access.allowed('list', identity));
    const { limit, sort, filter, cursor, columns, list } = parseListQuery(this.model, raw);
    const selected = withSortColumns(this.model, columns, sort);
    const { connection, store } = this.#records.session;
    const rows = await store.select(connection, this.model, {
      condition: filter === undefined ? rule : { kind: 'all', parts: [rule, filter] },
      callerId: callerIdOf(identity),
      sort,
      after: cursor === undefined ? undefined : this.#signer.open(list, cursor),
      // One more than asked for tells whether there is a next page.
      limit: limit + 1,
      columns: selected,
    });
    const hasMore = rows.length > limit;
    if (hasMore) rows.pop();
    const next = hasMore ? this.#signer.sign(list, positionOf(rows.at(-1), selected, sort)) : null;
    const writer = columns === this.model.visibleColumns ? this.#writer : new PageWriter(columns);
    return writer.page(rows, next);
  }

  /** @throws CodedError NOT_FOUND for a record that is not there or not this caller's to read, AUTH_REQUIRED, FORBIDDEN. */
  async read(identity: Identity, id: string): Promise<string> {
    const access = this.access.allowed('read', identity);
    const { connection, store } = this.#records.session;
    const row = await store.find(connection, this.model, id, {
      of: conditionOfAccess(access),
      callerId: callerIdOf(identity),
    });
    if (row === undefined) throw errors.NOT_FOUND();
    return recordJson(this.model, recordOf(this.model, row));
  }
}

function withSortColumns(
  model: RecordModel,
  columns: readonly Column[],
  sort: readonly SortTerm[],
): readonly Column[] {
  const missing = sort.filter(({ field }) => !columns.some(({ name }) => name === field));
  if (missing.length === 0) return columns;
  const wanted = new Set(missing.map(({ field }) => field));
  return [...columns, ...model.columns.filter(({ name }) => wanted.has(name))];
}

function positionOf(
  row: readonly unknown[] | undefined,
  columns: readonly Column[],
  sort: readonly SortTerm[],
): Position {
  return sort.map(({ field }) => row?.[columns.findIndex(({ name }) => name === field)] as SqlValue);
}

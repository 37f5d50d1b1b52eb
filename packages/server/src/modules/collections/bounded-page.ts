import { limits } from '@maque/contract';
import { positionOf } from '../records/list-order.ts';
import type { Selection } from '../records/list-sql.ts';
import type { RecordModel } from '../records/record-model.ts';
import type { FoundRows } from '../records/record-search.ts';
import type { RecordSession } from '../records/record-session.ts';
import { rowsWithin, widestRow } from '../records/row-bytes.ts';
import { timeForList } from '../records/time-for-list.ts';
import type { CursorSigner } from './cursor-signer.ts';
import type { ListQuery } from './list-query.ts';

export type Row = readonly unknown[];

export interface Page {
  readonly rows: readonly Row[];
  /** Where the next page begins. */
  readonly next: string | null;
}

/** Reads pages of a collection, none of which holds more than `limits.pageBytes` if it has more than one record. */
export class BoundedPages {
  readonly #session: RecordSession;
  readonly #model: RecordModel;
  readonly #signer: CursorSigner;

  constructor(session: RecordSession, model: RecordModel, signer: CursorSigner) {
    this.#session = session;
    this.#model = model;
    this.#signer = signer;
  }

  /**
   * @param wished with a limit of one more than the page may have, which tells whether there is a next one.
   * @throws CodedError QUERY_TOO_COSTLY.
   */
  async read(query: ListQuery, wished: Selection): Promise<Page> {
    const isNarrow = wished.limit * this.#model.widestRow <= limits.pageBytes;
    const selection = isNarrow ? wished : await this.#withinBytes(query, wished);
    const found = await this.#found(query, selection);
    const [all, positions] = Array.isArray(found) ? [found] : [found.rows, found.positions];
    const length = selection.limit - 1;
    const rows = all.slice(0, length);
    const last = rows.at(-1);
    if (all.length <= length || last === undefined) return { rows, next: null };
    const position = positions?.[length - 1] ?? positionOf(selection, last);
    return { rows, next: this.#signer.sign(query.list, position) };
  }

  /** Of records that may be long only as many as one answer should hold: the engine is asked first what they take. */
  async #withinBytes(query: ListQuery, selection: Selection): Promise<Selection> {
    const { columns, limit, maxMs } = selection;
    if (limit * widestRow(columns) <= limits.pageBytes) return selection;
    const refuseLate = timeForList(maxMs);
    const id = this.#model.columns.slice(0, 1);
    const found = await this.#found(query, { ...selection, columns: id, bytesOf: columns });
    const rows = Array.isArray(found) ? found : found.rows;
    refuseLate();
    const length = rowsWithin(rows, limits.pageBytes);
    return length < rows.length ? { ...selection, limit: length + 1 } : selection;
  }

  #found({ isByRelevance }: ListQuery, selection: Selection): Promise<unknown[][] | FoundRows> {
    const { connection, store } = this.#session;
    const { search } = selection;
    return isByRelevance && search !== undefined
      ? store.lists.search(connection, this.#model, { ...selection, search })
      : store.lists.select(connection, this.#model, selection);
  }
}

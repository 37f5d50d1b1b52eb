import { errors } from '@maque/contract';
import { OPERATIONS, type Operation } from '../../define/rules.ts';
import type { SqlValue } from '../../ports/database.ts';
import type { Identity } from '../../ports/identity.ts';
import { matches } from '../records/condition-match.ts';
import { checkedValues } from '../records/record-input.ts';
import { type Column, type RecordModel, recordOf } from '../records/record-model.ts';
import type { RecordSession, RecordValues } from '../records/record-session.ts';
import type { Position } from '../records/record-store.ts';
import type { Records } from '../records/records.ts';
import type { SortTerm } from '../records/sort-terms.ts';
import { type Access, type AccessByKind, accessByKind, callerFieldsOf, conditionOfAccess } from './access.ts';
import type { CursorSigner } from './cursor-signer.ts';
import { parseListQuery, type RawListQuery } from './list-query.ts';
import { PageWriter } from './page-writer.ts';

const KINDS: readonly Identity['kind'][] = ['anonymous', 'user', 'admin'];
const NO_CHANGE = { en: 'names nothing to change', zh: '没有要修改的内容' };

/** What callers may do with one collection. Answers are JSON text. */
export class CollectionService {
  readonly model: RecordModel;
  readonly #records: Records;
  readonly #signer: CursorSigner;
  readonly #access: Readonly<Record<Operation, AccessByKind>>;
  readonly #sharedKinds: ReadonlySet<Identity['kind']>;
  readonly #writer: PageWriter;
  readonly #callerFields: readonly string[];

  constructor(model: RecordModel, records: Records, signer: CursorSigner) {
    const { fields, rules } = model.declared;
    this.model = model;
    this.#records = records;
    this.#signer = signer;
    this.#access = Object.fromEntries(
      OPERATIONS.map((operation) => [operation, accessByKind(fields, rules[operation])]),
    ) as Record<Operation, AccessByKind>;
    this.#sharedKinds = kindsThatShareLists(this.#access.list);
    this.#writer = new PageWriter(model.visibleColumns);
    this.#callerFields = callerFieldsOf(fields);
  }

  /** Whether lists of this kind of caller are the same as anybody's, so that one answer serves all. */
  sharesLists(kind: Identity['kind']): boolean {
    return this.#sharedKinds.has(kind);
  }

  /** One page. @throws CodedError of the query, AUTH_REQUIRED, FORBIDDEN. */
  async list(identity: Identity, raw: RawListQuery): Promise<string> {
    const rule = conditionOfAccess(this.#allowed('list', identity));
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
    const access = this.#allowed('read', identity);
    const { connection, store } = this.#records.session;
    const row = await store.find(connection, this.model, id, {
      of: conditionOfAccess(access),
      callerId: callerIdOf(identity),
    });
    if (row === undefined) throw errors.NOT_FOUND();
    return this.#json(recordOf(this.model, row));
  }

  /** @throws CodedError VALIDATION_FAILED, CONFLICT, AUTH_REQUIRED, FORBIDDEN. */
  async create(identity: Identity, body: unknown): Promise<string> {
    const access = this.#allowed('create', identity);
    const callerId = callerIdOf(identity);
    const values = checkedValues(this.model.declared.fields, body, { fromOutside: true, callerId });
    if (!fits(access, values, callerId)) throw errors.FORBIDDEN();
    this.#refuseOthers(identity, (name) => values[name] === callerId);
    return this.#json(await this.#records.session.create(this.model, values));
  }

  /** @throws CodedError VALIDATION_FAILED, CONFLICT, NOT_FOUND, AUTH_REQUIRED, FORBIDDEN. */
  async update(identity: Identity, id: string, body: unknown): Promise<string> {
    const access = this.#allowed('update', identity);
    const values = checkedValues(this.model.declared.fields, body, { fromOutside: true, partial: true });
    if (Object.keys(values).length === 0) throw errors.VALIDATION_FAILED({ details: [{ issue: NO_CHANGE }] });
    return this.#records.transaction(async (session) => {
      const record = await this.#mine(session, access, identity, id);
      if (!fits(access, { ...record, ...values }, callerIdOf(identity))) throw errors.FORBIDDEN();
      this.#refuseOthers(identity, (name) => values[name] === undefined || values[name] === record[name]);
      const changes = await session.update(this.model, id, values);
      return this.#json({ ...record, ...changes });
    });
  }

  /** @throws CodedError NOT_FOUND, RECORD_IN_USE, AUTH_REQUIRED, FORBIDDEN. */
  async delete(identity: Identity, id: string): Promise<void> {
    const access = this.#allowed('delete', identity);
    await this.#records.transaction(async (session) => {
      await this.#mine(session, access, identity, id);
      await session.delete(this.model, id);
    });
  }

  /** What the rule lets this caller do at all; whom it lets do nothing is told to log in, or no. */
  #allowed(operation: Operation, identity: Identity): Access {
    const access = this.#access[operation][identity.kind];
    if (access.allows !== 'none') return access;
    throw identity.kind === 'anonymous' ? errors.AUTH_REQUIRED() : errors.FORBIDDEN();
  }

  /**
   * Nobody but admins acts in another's name, whatever the rule says: without this, `create: 'user'` would let a user
   * write records as somebody else, and `update: 'user'` hand one over.
   */
  #refuseOthers(identity: Identity, isOwn: (callerField: string) => boolean): void {
    if (identity.kind !== 'admin' && !this.#callerFields.every(isOwn)) throw errors.FORBIDDEN();
  }

  /** The record, when the rule fits it; a record that the caller may not even read does not exist to him. */
  async #mine(session: RecordSession, access: Access, identity: Identity, id: string): Promise<RecordValues> {
    const row = await session.store.find(session.connection, this.model, id);
    if (row === undefined) throw errors.NOT_FOUND();
    const record = recordOf(this.model, row);
    const callerId = callerIdOf(identity);
    if (fits(access, record, callerId)) return record;
    throw fits(this.#access.read[identity.kind], record, callerId) ? errors.FORBIDDEN() : errors.NOT_FOUND();
  }

  #json(record: RecordValues): string {
    const visible: Record<string, unknown> = {};
    for (const { name } of this.model.visibleColumns) visible[name] = record[name];
    return JSON.stringify(visible);
  }
}

function kindsThatShareLists(list: AccessByKind): ReadonlySet<Identity['kind']> {
  const { anonymous } = list;
  const isSame = (kind: Identity['kind']) =>
    anonymous.allows !== 'none' && JSON.stringify(list[kind]) === JSON.stringify(anonymous);
  return new Set(KINDS.filter(isSame));
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

function fits(access: Access, record: RecordValues, callerId: string | undefined): boolean {
  return access.allows === 'some' ? matches(access.condition, record, callerId) : access.allows === 'all';
}

function callerIdOf(identity: Identity): string | undefined {
  return identity.kind === 'user' ? identity.userId : undefined;
}

import { errors } from '@maque/contract';
import type { Identity } from '../../ports/identity.ts';
import { matches } from '../records/condition-match.ts';
import { checkedValues } from '../records/record-input.ts';
import { type RecordModel, recordOf } from '../records/record-model.ts';
import type { RecordSession, RecordValues } from '../records/record-session.ts';
import type { Records } from '../records/records.ts';
import { callerFieldsOf, type WriteAccess } from './access.ts';
import { type CollectionAccess, fits } from './collection-access.ts';
import { type Fits, letsThrough, type WishedChange } from './guard-decision.ts';
import { recordJson } from './record-json.ts';
import { callerIdOf, isAdmin } from './standing.ts';

const NO_CHANGE = { en: 'names nothing to change', zh: '没有要修改的内容' };

/** What callers may change in one collection. Answers are JSON text. */
export class RecordWriter {
  readonly model: RecordModel;
  readonly #access: CollectionAccess;
  readonly #records: Records;
  readonly #callerFields: readonly string[];

  constructor(model: RecordModel, access: CollectionAccess, records: Records) {
    this.model = model;
    this.#access = access;
    this.#records = records;
    this.#callerFields = callerFieldsOf(model.declared.fields);
  }

  /** @throws CodedError VALIDATION_FAILED, CONFLICT, AUTH_REQUIRED, FORBIDDEN. */
  async create(identity: Identity, body: unknown): Promise<string> {
    const access = this.#access.allowed('create', identity);
    const callerId = callerIdOf(identity);
    const values = checkedValues(this.model.declared.fields, body, { fromOutside: true, callerId });
    const names = Object.keys(body as object);
    if (!(await letsThrough(access, { after: values, names }, fitsFor(callerId)))) throw errors.FORBIDDEN();
    this.#refuseOthers(identity, (name) => values[name] === callerId);
    return recordJson(this.model, await this.#records.session.create(this.model, values));
  }

  /** @throws CodedError VALIDATION_FAILED, CONFLICT, NOT_FOUND, AUTH_REQUIRED, FORBIDDEN. */
  async update(identity: Identity, id: string, body: unknown): Promise<string> {
    const access = this.#access.allowed('update', identity);
    const values = checkedValues(this.model.declared.fields, body, { fromOutside: true, partial: true });
    if (Object.keys(values).length === 0) throw errors.VALIDATION_FAILED({ details: [{ issue: NO_CHANGE }] });
    return this.#records.transaction(async (session) => {
      const record = await this.#mine(session, access, identity, id, values);
      this.#refuseOthers(identity, (name) => values[name] === undefined || values[name] === record[name]);
      const changes = await session.update(this.model, id, values);
      return recordJson(this.model, { ...record, ...changes });
    });
  }

  /** @throws CodedError NOT_FOUND, RECORD_IN_USE, AUTH_REQUIRED, FORBIDDEN. */
  async delete(identity: Identity, id: string): Promise<void> {
    const access = this.#access.allowed('delete', identity);
    await this.#records.transaction(async (session) => {
      await this.#mine(session, access, identity, id);
      await session.delete(this.model, id);
    });
  }

  /**
   * Nobody but admins acts in another's name, whatever the rule says: without this, `create: 'user'` would let a user
   * write records as somebody else, and `update: 'user'` hand one over.
   */
  #refuseOthers(identity: Identity, isOwn: (callerField: string) => boolean): void {
    if (!isAdmin(identity) && !this.#callerFields.every(isOwn)) throw errors.FORBIDDEN();
  }

  /** The record, when the rule fits it; a record that the caller may not even read does not exist to him. */
  async #mine(
    session: RecordSession,
    access: WriteAccess,
    identity: Identity,
    id: string,
    values?: RecordValues,
  ): Promise<RecordValues> {
    const row = await session.store.find(session.connection, this.model, id);
    if (row === undefined) throw errors.NOT_FOUND();
    const record = recordOf(this.model, row);
    const callerId = callerIdOf(identity);
    const change: WishedChange = {
      before: record,
      ...(values === undefined ? {} : { after: { ...record, ...values } }),
      names: Object.keys(values ?? {}),
    };
    if (await letsThrough(access, change, fitsFor(callerId))) return record;
    throw fits(this.#access.rightsOf(identity).read, record, callerId)
      ? errors.FORBIDDEN()
      : errors.NOT_FOUND();
  }
}

function fitsFor(callerId: string | undefined): Fits {
  return (condition, record) => matches(condition, record, callerId);
}

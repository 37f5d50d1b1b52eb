import { errors } from '@maque/contract';
import { CodedError } from '@maque/kit';
import type { Identity } from '../../ports/identity.ts';
import { checkedValues, unnamedConflict } from '../records/record-input.ts';
import { type RecordModel, recordOf } from '../records/record-model.ts';
import type { RecordSession, RecordValues } from '../records/record-session.ts';
import { checkFiles, type FileField, fileFieldsOf } from '../uploads/file-fields.ts';
import type { CollectionAccess } from './collection-access.ts';
import { asksDatabase } from './guard-decision.ts';
import { authorOf, type Call, type HookDeps } from './hook-context.ts';
import type { RecordAnswers } from './record-answers.ts';
import { isMeantFor, versionTag } from './record-version.ts';
import { callerIdOf } from './standing.ts';
import { type HookedOperation, WriteHooks } from './write-hooks.ts';
import { WriteJudge } from './write-judge.ts';

const NO_CHANGE = { en: 'names nothing to change', zh: '没有要修改的内容' };

/** A record as its writer is answered. */
export interface Written {
  readonly id: string;
  /** JSON. */
  readonly text: string;
  /** Of its version. */
  readonly tag: string;
}

/** An existing record that is to be written. */
export interface Target {
  readonly id: string;
  /** The versions that it may have: an `If-Match` header. */
  readonly ifMatch?: string | undefined;
}

/** What callers may change in one collection. Each method works in the session that it is given, all of it or nothing. */
export class RecordWriter {
  readonly model: RecordModel;
  readonly #access: CollectionAccess;
  readonly #answers: RecordAnswers;
  readonly #judge: WriteJudge;
  readonly #hooks: WriteHooks;
  readonly #fileFields: readonly FileField[];
  /** Whether code of the app runs when a record is made or answered: what it throws must leave nothing behind. */
  readonly #runsCodeOnCreate: boolean;

  constructor(model: RecordModel, access: CollectionAccess, answers: RecordAnswers, deps: HookDeps) {
    this.model = model;
    this.#access = access;
    this.#answers = answers;
    this.#judge = new WriteJudge(model, access);
    this.#hooks = new WriteHooks(model.declared, deps);
    const { fields, computed, hooks } = model.declared;
    this.#fileFields = fileFieldsOf(fields);
    this.#runsCodeOnCreate =
      hooks.create !== undefined || hooks.read?.after !== undefined || Object.keys(computed).length > 0;
  }

  /** @throws CodedError VALIDATION_FAILED, CONFLICT, AUTH_REQUIRED, FORBIDDEN, or what a hook throws. */
  async create(session: RecordSession, call: Call, body: unknown): Promise<Written> {
    const access = this.#judge.admit('create', call.identity);
    // One insert is all or nothing by itself; what else is read or written for it has to stand in one transaction with it.
    return this.#runsCodeOnCreate || asksDatabase(access)
      ? session.atomically((inside) => this.#create(inside, call, body))
      : this.#create(session, call, body);
  }

  async #create(session: RecordSession, call: Call, body: unknown): Promise<Written> {
    const { identity } = call;
    const { fields } = this.model.declared;
    const callerId = callerIdOf(identity);
    const wished = checkedValues(fields, body, { fromOutside: true, callerId });
    const names = Object.keys(body as object);
    await this.#judge.judge(session, 'create', identity, { after: wished, names });
    await checkFiles(session.connection, this.#fileFields, { names, values: wished, by: identity });
    const hooked = await this.#hooks.before('create', call, session, { record: wished });
    const values = hooked === undefined ? wished : checkedValues(fields, hooked, { callerId });
    const created = session.create(this.model, values, { by: authorOf(identity) });
    const record = await this.#discreet(identity, names, created);
    await this.#hooks.after('create', call, session, { record });
    return this.#written(session, call, await this.#since('create', 'after', session, record));
  }

  /** @throws CodedError as `create` does, NOT_FOUND, PRECONDITION_FAILED. */
  async update(session: RecordSession, call: Call, target: Target, body: unknown): Promise<Written> {
    const { identity } = call;
    this.#judge.admit('update', identity);
    const { fields } = this.model.declared;
    const wished = checkedValues(fields, body, { fromOutside: true, partial: true });
    const names = Object.keys(wished);
    if (names.length === 0) throw errors.VALIDATION_FAILED({ details: [{ issue: NO_CHANGE }] });
    return session.atomically(async (inside) => {
      const previous = await this.#find(inside, target.id);
      const change = { before: previous, after: { ...previous, ...wished }, names };
      await this.#judge.judge(inside, 'update', identity, change);
      refuseOtherVersions(previous, target);
      const files = { names, values: wished, before: previous, by: identity };
      await checkFiles(inside.connection, this.#fileFields, files);
      const about = { record: previous, changes: wished };
      const hooked = await this.#hooks.before('update', call, inside, about);
      const values = hooked === undefined ? wished : checkedValues(fields, hooked, { partial: true });
      const current = await this.#since('update', 'before', inside, previous);
      const changed = inside.change(this.model, current, values, authorOf(identity));
      const record = await this.#discreet(identity, names, changed);
      await this.#hooks.after('update', call, inside, { record, previous });
      return this.#written(inside, call, await this.#since('update', 'after', inside, record), previous);
    });
  }

  /** @throws CodedError NOT_FOUND, PRECONDITION_FAILED, RECORD_IN_USE, AUTH_REQUIRED, FORBIDDEN, or what a hook throws. */
  async delete(session: RecordSession, call: Call, target: Target): Promise<void> {
    const { identity } = call;
    this.#judge.admit('delete', identity);
    await session.atomically(async (inside) => {
      const record = await this.#find(inside, target.id);
      await this.#judge.judge(inside, 'delete', identity, { before: record, names: [] });
      refuseOtherVersions(record, target);
      await this.#hooks.before('delete', call, inside, { record });
      await inside.delete(this.model, target.id, authorOf(identity));
      await this.#hooks.after('delete', call, inside, { record });
    });
  }

  /**
   * Brings back a record that was deleted softly, for whoever may delete it; one that was never deleted stays as it is.
   * @throws CodedError NOT_FOUND, PRECONDITION_FAILED, CONFLICT, AUTH_REQUIRED, FORBIDDEN, or what a hook throws.
   */
  async restore(session: RecordSession, call: Call, target: Target): Promise<Written> {
    const { identity } = call;
    this.#judge.admit('delete', identity);
    return session.atomically(async (inside) => {
      const row = await inside.store.findDeleted(inside.connection, this.model, target.id);
      const before = row === undefined ? await this.#find(inside, target.id) : recordOf(this.model, row);
      await this.#judge.judge(inside, 'delete', identity, { before, names: [] });
      refuseOtherVersions(before, target);
      if (row === undefined) return this.#written(inside, call, before, before);
      await this.#hooks.before('restore', call, inside, { record: before });
      await this.#discreet(identity, [], inside.restore(this.model, target.id, authorOf(identity)));
      const record = await this.#find(inside, target.id);
      await this.#hooks.after('restore', call, inside, { record });
      return this.#written(inside, call, await this.#since('restore', 'after', inside, record), before);
    });
  }

  /** A write whose CONFLICT names no field but those that this caller may see, or has named. */
  async #discreet<T>(identity: Identity, named: readonly string[], write: Promise<T>): Promise<T> {
    try {
      return await write;
    } catch (error) {
      if (!(error instanceof CodedError && error.code === 'CONFLICT')) throw error;
      const { columns } = this.#access.rightsOf(identity).view;
      const { field } = error.data;
      const isKnown = columns.some(({ name }) => name === field) || named.some((name) => name === field);
      throw isKnown ? error : unnamedConflict(error);
    }
  }

  /**
   * What was written, as it is by now and as far as this caller may see it; null when it is gone. For who writes the same
   * once more under an idempotency key.
   */
  async readAgain(session: RecordSession, call: Call, id: string): Promise<Written | null> {
    const row = await session.store.find(session.connection, this.model, id);
    if (row === undefined) return null;
    const record = recordOf(this.model, row);
    // Others may have written into it since, so even who made it is shown no more than by the rules.
    return this.#written(session, call, record, record);
  }

  async #find(session: RecordSession, id: string): Promise<RecordValues> {
    const row = await session.store.find(session.connection, this.model, id);
    if (row === undefined) throw errors.NOT_FOUND();
    return recordOf(this.model, row);
  }

  /** The record as it is since that hook: one that writes it, too, has made a new version of it. */
  async #since(
    operation: HookedOperation,
    moment: 'before' | 'after',
    session: RecordSession,
    record: RecordValues,
  ): Promise<RecordValues> {
    if (!this.#hooks.has(operation, moment)) return record;
    const row = await session.store.find(session.connection, this.model, record.id as string);
    return row === undefined ? record : recordOf(this.model, row);
  }

  async #written(
    session: RecordSession,
    call: Call,
    record: RecordValues,
    previous?: RecordValues,
  ): Promise<Written> {
    const text = await this.#answers.textOf({ call, session }, this.model, record, previous);
    return { id: record.id as string, text, tag: versionTag(record) };
  }
}

function refuseOtherVersions(record: RecordValues, { ifMatch }: Target): void {
  if (ifMatch !== undefined && !isMeantFor(ifMatch, versionTag(record))) throw errors.PRECONDITION_FAILED();
}

import { errors } from '@maque/contract';
import { Refusal } from '../../http/refusal.ts';
import type { Identity } from '../../ports/identity.ts';
import { recordFits } from '../records/record-fit.ts';
import type { RecordModel } from '../records/record-model.ts';
import type { RecordSession } from '../records/record-session.ts';
import { callerFieldsOf, conditionOfAccess, type WriteAccess } from './access.ts';
import type { CollectionAccess } from './collection-access.ts';
import { type Fits, letsThrough, type WishedChange } from './guard-decision.ts';
import { callerIdOf, isAdmin } from './standing.ts';

const NOT_YOURS = { en: 'may not be set by you', zh: '无权设置' };

export type WriteOperation = 'create' | 'update' | 'delete';

/** Who may write what into one collection. */
export class WriteJudge {
  readonly #model: RecordModel;
  readonly #access: CollectionAccess;
  readonly #callerFields: readonly string[];

  constructor(model: RecordModel, access: CollectionAccess) {
    this.#model = model;
    this.#access = access;
    this.#callerFields = callerFieldsOf(model.declared.fields);
  }

  /**
   * Before anything is looked at: what the rule lets this caller do at all.
   * @throws CodedError AUTH_REQUIRED or FORBIDDEN where that is nothing.
   */
  admit(operation: WriteOperation, identity: Identity): WriteAccess {
    return this.#access.allowed(operation, identity);
  }

  /**
   * Lets a change pass, or throws.
   * @throws CodedError FORBIDDEN, or NOT_FOUND about a record that the caller may not even read.
   */
  async judge(
    session: RecordSession,
    operation: WriteOperation,
    identity: Identity,
    change: WishedChange,
  ): Promise<void> {
    const rights = this.#access.rightsOf(identity);
    const { connection, store } = session;
    const context = { store, connection, model: this.#model, callerId: callerIdOf(identity) };
    const fits: Fits = (condition, record) => recordFits(context, condition, record);
    if (!(await letsThrough(rights[operation], change, fits))) {
      const judged = operation === 'update' ? ' (judged by the record as it was and as it becomes)' : '';
      const cause = this.#refusal(`rules.${operation}`, judged);
      throw (await this.#mayRead(session, identity, change))
        ? errors.FORBIDDEN({ cause })
        : errors.NOT_FOUND({ cause });
    }
    for (const name of rights.fieldWrite.size === 0 ? [] : change.names) {
      const rule = rights.fieldWrite.get(name);
      if (rule !== undefined && !(await letsThrough(rule, change, fits))) {
        const cause = this.#refusal(`rules.fields.${name}.write`);
        throw errors.FORBIDDEN({ details: [{ path: name, issue: NOT_YOURS }], cause });
      }
    }
    if (!isAdmin(identity)) this.#refuseOthers(callerIdOf(identity), change);
  }

  /** A record that is yet to be made is no secret to whoever sends it. */
  async #mayRead(session: RecordSession, identity: Identity, { before }: WishedChange): Promise<boolean> {
    if (before === undefined) return true;
    const { read } = this.#access.rightsOf(identity);
    const condition = { of: conditionOfAccess(read), callerId: callerIdOf(identity) };
    const { connection, store } = session;
    return (await store.find(connection, this.#model, before.id as string, condition)) !== undefined;
  }

  /**
   * Nobody but admins acts in another's name, whatever the rule says: without this, `create: 'user'` would let a user
   * write records as somebody else, and `update: 'user'` hand one over.
   */
  #refuseOthers(callerId: string | undefined, { before, after }: WishedChange): void {
    if (after === undefined) return;
    const isOwn = (name: string) => after[name] === (before === undefined ? callerId : before[name]);
    const other = this.#callerFields.find((name) => !isOwn(name));
    if (other === undefined) return;
    const why = `collections.${this.#model.name}.fields.${other} is a field.caller(): nobody but admins sets or changes it`;
    throw errors.FORBIDDEN({ cause: new Refusal(why) });
  }

  #refusal(rule: string, judged = ''): Refusal {
    return new Refusal(`collections.${this.#model.name}.${rule} does not let this through${judged}`);
  }
}

import { setImmediate } from 'node:timers/promises';
import { errors } from '@maque/contract';
import { type Clock, CodedError, MINUTE, type Milliseconds } from '@maque/kit';
import {
  BrokenReferenceError,
  type Database,
  type DatabaseConnection,
  type JobQueue,
  PostponedJobError,
} from '../../ports/index.ts';
import { deleteKeysOfUser } from '../collections/idempotency-store.ts';
import { newRecordId } from '../records/record-id.ts';
import { type RecordModel, recordOf } from '../records/record-model.ts';
import type { RecordSession } from '../records/record-session.ts';
import type { Records } from '../records/records.ts';
import type { SessionService } from '../sessions/session-service.ts';
import { deleteSessionsOf } from '../sessions/session-store.ts';
import { orderRemoval } from '../uploads/file-removal.ts';
import { deleteUpload } from '../uploads/upload-store.ts';
import { deleteAccountsOf } from '../users/account-store.ts';
import { deleteUser } from '../users/user-store.ts';
import {
  authorsOf,
  type PersonalCollection,
  type PersonalField,
  personalCollections,
  recordsNaming,
} from './personal-collections.ts';
import {
  filesOf,
  forgetOwner,
  forgetPayer,
  forgetRest,
  hasUnsettledPayment,
  paymentIdsOf,
} from './personal-store.ts';
import { withoutContent } from './without-content.ts';

export interface ErasureDeps {
  readonly database: Database;
  readonly records: Records;
  readonly sessions: Pick<SessionService, 'announce'>;
  readonly jobs: JobQueue;
  readonly clock: Clock;
}

const JOB = 'privacy.erase';
/** Rows of one write: some milliseconds in which no other write is done. */
const BATCH = 50;
/** Records looked at in one go, for who has made them: a millisecond, after which others have their turn. */
const AUTHORS = 500;
/** All records with authors are looked at, and no index leads to them: a million takes some seconds. */
const CLEAR_TIMEOUT_MS: Milliseconds = 10 * MINUTE;
/**
 * What was under way when the user left may write a record after the rest has gone, and a worker that has missed the
 * notice takes the token for ten seconds more: so all is looked through once again.
 */
const AGAIN_MS: Milliseconds = MINUTE;
/** A payment is paid or closed within two hours of its beginning; until then it needs its payer. */
const UNSETTLED_WAIT_MS: Milliseconds = 10 * MINUTE;

/** Forgets users: who they are at once, what they have left behind as a job that survives whatever happens here. */
export class Erasure {
  readonly #deps: ErasureDeps;
  readonly #collections: readonly PersonalCollection[];
  readonly #undeclared: readonly string[];
  readonly #authored: readonly RecordModel[];

  constructor(deps: ErasureDeps) {
    this.#deps = deps;
    const { declared, undeclared } = personalCollections(deps.records.models);
    this.#collections = declared;
    this.#undeclared = undeclared;
    this.#authored = deps.records.models.filter(({ declared }) => declared.authors);
    deps.jobs.handle(JOB, ({ payload }, signal) => this.#clear(String(payload.userId), signal), {
      timeoutMs: CLEAR_TIMEOUT_MS,
    });
  }

  /**
   * Ends the user's sessions and deletes account, phone and profile; records, files and payments follow. A later login of
   * the same person makes a new user.
   * @throws CodedError NOT_FOUND, ERASURE_UNDECLARED when the app has not said what becomes of its records.
   */
  async erase(userId: string): Promise<void> {
    const { database, sessions, jobs } = this.#deps;
    if (this.#undeclared.length > 0) {
      throw errors.ERASURE_UNDECLARED({ data: { collections: this.#undeclared.join(', ') } });
    }
    await database.transaction(async (transaction) => {
      if (!(await deleteUser(transaction, userId))) throw errors.NOT_FOUND();
      await deleteAccountsOf(transaction, userId);
      await deleteSessionsOf(transaction, userId);
      const job = { name: JOB, payload: { userId } };
      await jobs.add({ ...job, key: userId }, transaction);
      await jobs.add({ ...job, key: `${userId} again`, delayMs: AGAIN_MS }, transaction);
    });
    sessions.announce();
  }

  /** Each step may be done again: whatever is left of the user is found anew. */
  async #clear(userId: string, signal: AbortSignal): Promise<void> {
    const { database, records } = this.#deps;
    if (await hasUnsettledPayment(database, userId)) {
      throw new PostponedJobError('a payment of this user is not settled', UNSETTLED_WAIT_MS);
    }
    for (const one of this.#collections) {
      for (const field of one.users) {
        await inBatches(signal, () =>
          records.transaction((session) => this.#clearRecords(session, one, field, userId)),
        );
      }
    }
    for (const model of this.#authored) await this.#clearAuthor(model, userId, signal);
    await inBatches(signal, () =>
      database.transaction((transaction) => this.#clearFiles(transaction, userId)),
    );
    await inBatches(signal, () =>
      database.transaction((transaction) => this.#clearPayments(transaction, userId)),
    );
    await deleteKeysOfUser(database, userId);
    await forgetRest(database, userId, this.#nobody());
  }

  async #clearRecords(
    session: RecordSession,
    one: PersonalCollection,
    field: PersonalField,
    userId: string,
  ): Promise<number> {
    const ids = await recordsNaming(session.connection, one.model, field, userId, BATCH);
    for (const id of ids) {
      if (field.link !== undefined) {
        await takeOut(session, one.model, field.name, id, userId);
      } else {
        const isGone = one.onErase === 'delete' && (await eraseUnlessInUse(session, one, id));
        if (!isGone) await this.#anonymise(session, one, field.name, id);
      }
    }
    return ids.length;
  }

  /**
   * Takes the person out of a record. One that was deleted softly goes altogether where nothing refers to it: nobody needs
   * it any more.
   */
  async #anonymise(session: RecordSession, one: PersonalCollection, user: string, id: string): Promise<void> {
    const { model, clears = [] } = one;
    const isOptional = model.declared.fields[user]?.presence === 'optional';
    const cleared = Object.fromEntries(clears.map((name) => [name, null]));
    const nobody = () => this.#nobody();
    // One that was to be deleted is only here because others refer to it: they need no more of it than its id.
    const emptied = one.onErase === 'delete' ? withoutContent(model.declared.fields, nobody) : {};
    const values = { ...emptied, ...cleared, [user]: isOptional ? null : nobody() };
    if (await session.update(model, id, values)) return;
    if (!(await eraseUnlessInUse(session, one, id))) await session.update(model, id, values, 'deleted');
  }

  /** Looks through a whole collection, as no index leads to those who made its records. */
  async #clearAuthor(model: RecordModel, userId: string, signal: AbortSignal): Promise<void> {
    const { database, records } = this.#deps;
    let after = '';
    for (;;) {
      const found = await authorsOf(database, model, after, AUTHORS);
      const ids = found
        .filter(({ createdBy, updatedBy }) => createdBy === userId || updatedBy === userId)
        .map(({ id }) => id);
      if (ids.length > 0) {
        await records.transaction((session) => session.forgetAuthor(model, ids, userId));
      }
      const last = found.at(-1);
      if (last === undefined || found.length < AUTHORS) return;
      after = last.id;
      await setImmediate();
      signal.throwIfAborted();
    }
  }

  async #clearFiles(transaction: DatabaseConnection, userId: string): Promise<number> {
    const files = await filesOf(transaction, userId, '', BATCH);
    for (const { id } of files) {
      try {
        await deleteUpload(transaction, id);
        await orderRemoval(this.#deps.jobs, id, transaction);
      } catch (error) {
        if (!(error instanceof BrokenReferenceError)) throw error;
        await forgetOwner(transaction, id, this.#nobody());
      }
    }
    return files.length;
  }

  async #clearPayments(transaction: DatabaseConnection, userId: string): Promise<number> {
    const ids = await paymentIdsOf(transaction, userId, BATCH);
    for (const id of ids) await forgetPayer(transaction, id, this.#nobody());
    return ids.length;
  }

  /** An id that leads to nobody, another each time, so that not even two records can be told to be one person's. */
  #nobody(): string {
    return `erased-${newRecordId(this.#deps.clock.now())}`;
  }
}

/** Of several users the others stay, and so does the record. */
async function takeOut(
  session: RecordSession,
  model: RecordModel,
  field: string,
  id: string,
  userId: string,
): Promise<void> {
  const { store, connection } = session;
  const kept = await store.find(connection, model, id);
  const row = kept ?? (await store.findDeleted(connection, model, id));
  if (row === undefined) return;
  const users = recordOf(model, row)[field] as readonly string[];
  const others = users.filter((user) => user !== userId);
  await session.update(model, id, { [field]: others }, kept === undefined ? 'deleted' : 'kept');
}

async function eraseUnlessInUse(
  session: RecordSession,
  one: PersonalCollection,
  id: string,
): Promise<boolean> {
  try {
    await session.erase(one.model, id);
    return true;
  } catch (error) {
    // Records of others refer to it: they keep what they refer to, without the person in it.
    if (error instanceof CodedError && error.code === 'RECORD_IN_USE') return false;
    throw error;
  }
}

/** Works until a batch is not full. */
async function inBatches(signal: AbortSignal, work: () => Promise<number>): Promise<void> {
  while ((await work()) === BATCH) signal.throwIfAborted();
}

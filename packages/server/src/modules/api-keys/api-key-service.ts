import { errors } from '@maque/contract';
import { type Clock, MINUTE, type Milliseconds } from '@maque/kit';
import type { Database } from '../../ports/index.ts';
import { newRecordId } from '../records/record-id.ts';
import type { KeyReader, Standing } from '../sessions/session-authenticator.ts';
import { ADMIN_ROLE, refuseUnknownRoles } from '../users/role-names.ts';
import { isSecretOf, looksLikeApiKey, newApiKey, readApiKey } from './api-key.ts';
import {
  type ApiKeyRow,
  deleteApiKey,
  findApiKey,
  insertApiKey,
  listApiKeys,
  touchApiKey,
} from './api-key-store.ts';

/** One for each program that calls, with some to spare while they are changed. */
export const MOST_KEYS = 100;
/** How exactly it is known when a key was used last: each time costs a write. */
const TOUCH_MS: Milliseconds = MINUTE;

export interface ApiKeyServiceOptions {
  readonly database: Database;
  /** Those that the app declares. */
  readonly roles: readonly string[];
  /** Tells every worker to forget what it knows of keys. */
  readonly announce: () => void;
  readonly clock: Clock;
}

/** Keys with which machines call: shown once, kept as a hash. */
export class ApiKeyService implements KeyReader {
  readonly #options: ApiKeyServiceOptions;

  constructor(options: ApiKeyServiceOptions) {
    this.#options = options;
  }

  isKey(token: string): boolean {
    return looksLikeApiKey(token);
  }

  /** @throws CodedError TOKEN_INVALID, TOKEN_EXPIRED. */
  async find(key: string): Promise<Standing> {
    const { database, clock } = this.#options;
    const read = readApiKey(key);
    const row = read && (await findApiKey(database, read.id));
    if (row === undefined || !isSecretOf(row.hash, read?.secret ?? '')) throw errors.TOKEN_INVALID();
    const nowMs = clock.now();
    if (row.expiresAt !== null && row.expiresAt <= nowMs) throw errors.TOKEN_EXPIRED();
    if (row.lastUsedAt === null || nowMs - row.lastUsedAt >= TOUCH_MS) {
      // Not worth a failed call when the database is busy: the next look writes it.
      await touchApiKey(database, row.id, nowMs).catch(() => {});
    }
    const { id: keyId, roles } = row;
    return {
      identity: Object.freeze({ kind: 'machine', keyId, roles }),
      expiresAtMs: row.expiresAt ?? Number.POSITIVE_INFINITY,
    };
  }

  list(): Promise<ApiKeyRow[]> {
    return listApiKeys(this.#options.database);
  }

  /**
   * Answers the key beside what is kept of it: nobody can tell it again.
   * @throws CodedError VALIDATION_FAILED for roles that are none and an end that is over, LIMIT_REACHED.
   */
  async create(
    wished: Pick<ApiKeyRow, 'name' | 'roles' | 'expiresAt'>,
    byId: string,
  ): Promise<ApiKeyRow & { readonly key: string }> {
    const { database, roles, clock } = this.#options;
    refuseUnknownRoles(wished.roles, [ADMIN_ROLE, ...roles]);
    const nowMs = clock.now();
    if (wished.expiresAt !== null && wished.expiresAt <= nowMs) {
      const issue = { en: 'must be in the future', zh: '应晚于当前时间' };
      throw errors.VALIDATION_FAILED({ details: [{ path: 'expiresAt', issue }] });
    }
    const id = newRecordId(nowMs);
    const { key, hash } = newApiKey(id);
    const row = { ...wished, id, createdBy: byId, createdAt: nowMs };
    await database.transaction(async (transaction) => {
      if ((await listApiKeys(transaction)).length >= MOST_KEYS) {
        throw errors.LIMIT_REACHED({ data: { max: MOST_KEYS } });
      }
      await insertApiKey(transaction, { ...row, hash });
    });
    return { ...row, lastUsedAt: null, key };
  }

  /** Ends a key, in all workers at once. @throws CodedError NOT_FOUND. */
  async revoke(id: string): Promise<void> {
    if (!(await deleteApiKey(this.#options.database, id))) throw errors.NOT_FOUND();
    this.#options.announce();
  }
}

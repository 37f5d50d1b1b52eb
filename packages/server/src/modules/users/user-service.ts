import { errors, type Me } from '@maque/contract';
import type { Clock } from '@maque/kit';
import type { Database } from '../../ports/index.ts';
import { findUser, type ProfileChanges, type UserRow, updateProfile } from './user-store.ts';

/** A user's own profile. */
export class UserService {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(options: { database: Database; clock: Clock }) {
    this.#database = options.database;
    this.#clock = options.clock;
  }

  /** @throws CodedError TOKEN_INVALID when the user behind a valid token is no more. */
  async me(userId: string): Promise<Me> {
    const row = await findUser(this.#database, userId);
    if (row === undefined) throw errors.TOKEN_INVALID();
    return meOf(row);
  }

  /** @throws CodedError TOKEN_INVALID as {@link me}. */
  async changeProfile(userId: string, changes: ProfileChanges): Promise<Me> {
    await updateProfile(this.#database, userId, changes, this.#clock.now());
    return this.me(userId);
  }
}

/** What a user may see of their own row. */
export function meOf(row: UserRow): Me {
  return {
    id: row.id,
    nickname: row.nickname,
    avatarUrl: row.avatar_url,
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
  };
}

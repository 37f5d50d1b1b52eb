import { errors, type Me } from '@maque/contract';
import type { Clock, ErrorFault } from '@maque/kit';
import type { Database } from '../../ports/index.ts';
import { isUploadAddress } from '../uploads/upload-address.ts';
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

  /** @throws CodedError VALIDATION_FAILED for what other users should not be shown, TOKEN_INVALID as {@link me}. */
  async changeProfile(userId: string, changes: ProfileChanges): Promise<Me> {
    refuseUnsightly(changes);
    await updateProfile(this.#database, userId, changes, this.#clock.now());
    return this.me(userId);
  }
}

/**
 * A nickname is shown to others in one line, and a picture is loaded by them: no control characters, nothing but https
 * or a file of ours.
 */
function refuseUnsightly({ nickname, avatarUrl }: ProfileChanges): void {
  const details: ErrorFault[] = [];
  if (typeof nickname === 'string' && /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(nickname)) {
    details.push({
      path: 'nickname',
      issue: { en: 'must be one line of visible characters', zh: '应为一行可见字符' },
    });
  }
  if (typeof avatarUrl === 'string' && !isPicture(avatarUrl)) {
    details.push({
      path: 'avatarUrl',
      issue: {
        en: 'must be an https address or the url of an upload',
        zh: '应为 https 地址或上传文件的 url',
      },
    });
  }
  if (details.length > 0) throw errors.VALIDATION_FAILED({ details });
}

function isPicture(address: string): boolean {
  return isUploadAddress(address) || /^https:\/\/[^\s"'<>\\]+$/.test(address);
}

/** What a user may see of their own row. */
export function meOf(row: UserRow): Me {
  return {
    id: row.id,
    nickname: row.nickname,
    avatarUrl: row.avatarUrl,
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
  };
}

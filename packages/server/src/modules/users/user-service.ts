import { errors, type Me } from '@maque/contract';
import type { Clock, ErrorFault } from '@maque/kit';
import type { Database, DatabaseConnection } from '../../ports/index.ts';
import { isoTime } from '../records/iso-time.ts';
import { isUploadAddress } from '../uploads/upload-address.ts';
import type { PhoneBook } from './phone-book.ts';
import { findUser, type ProfileChanges, type UserRow, updatePhone, updateProfile } from './user-store.ts';

export interface UserServiceOptions {
  readonly database: Database;
  readonly phones: PhoneBook;
  readonly clock: Clock;
}

/** A user's own profile. */
export class UserService {
  readonly #options: UserServiceOptions;

  constructor(options: UserServiceOptions) {
    this.#options = options;
  }

  /** @throws CodedError TOKEN_INVALID when the user behind a valid token is no more. */
  async me(
    userId: string,
    connection: Pick<DatabaseConnection, 'all'> = this.#options.database,
  ): Promise<Me> {
    const row = await findUser(connection, userId);
    if (row === undefined) throw errors.TOKEN_INVALID();
    return this.viewOf(row);
  }

  /** @throws CodedError VALIDATION_FAILED for what other users should not be shown, TOKEN_INVALID as {@link me}. */
  async changeProfile(userId: string, changes: ProfileChanges): Promise<Me> {
    const { database, clock } = this.#options;
    refuseUnsightly(changes);
    await updateProfile(database, userId, changes, clock.now());
    return this.me(userId);
  }

  /** @param phone as WeChat told it; null to forget it. @throws CodedError TOKEN_INVALID as {@link me}. */
  async setPhone(userId: string, phone: string | null): Promise<Me> {
    const { database, phones, clock } = this.#options;
    const kept = phone === null ? null : phones.seal(phone, userId);
    await updatePhone(database, userId, kept, clock.now());
    return this.me(userId);
  }

  /** What a user may see of their own row, and an admin of anybody's. */
  viewOf(row: UserRow): Me {
    return {
      id: row.id,
      nickname: row.nickname,
      avatarUrl: row.avatarUrl,
      phone: this.#options.phones.open(row.phone, row.id),
      roles: row.roles,
      createdAt: isoTime(Math.floor(row.createdAt)),
      updatedAt: isoTime(Math.floor(row.updatedAt)),
    };
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

import { errors, type LoginAnswer } from '@maque/contract';
import type { Clock, CodedError, Milliseconds } from '@maque/kit';
import { WechatError } from '@maque/wechat';
import { type Database, type DatabaseConnection, DuplicateValueError } from '../../ports/index.ts';
import { newRecordId } from '../records/record-id.ts';
import type { SessionService } from '../sessions/session-service.ts';
import { meOf } from '../users/user-service.ts';
import {
  findUserByOpenid,
  insertUser,
  renewUser,
  type UserRow,
  type WechatAccount,
} from '../users/user-store.ts';
import { sealSessionKey } from './session-key-seal.ts';

/** What login needs of WeChat. */
export interface WechatLogin {
  readonly appId: string;
  /** @throws WechatError */
  code2Session(code: string): Promise<{ openid: string; sessionKey: string; unionid?: string }>;
}

export interface LoginServiceOptions {
  readonly wechat: WechatLogin;
  readonly database: Database;
  readonly sessions: SessionService;
  readonly sessionKeyKey: Buffer;
  readonly tokenTtlMs: Milliseconds;
  /** Logins that may wait for WeChat at once: when WeChat hangs, the rest of the server must not. */
  readonly maxAtOnce: number;
  readonly clock: Clock;
}

/** Turns a code of `wx.login` into a user and a session. */
export class LoginService {
  readonly #options: LoginServiceOptions;
  #asking = 0;

  constructor(options: LoginServiceOptions) {
    this.#options = options;
  }

  /**
   * @throws CodedError LOGIN_CODE_INVALID, LOGIN_REFUSED, TOO_MANY_REQUESTS or WECHAT_UNAVAILABLE for what WeChat says,
   * OVERLOADED when too many logins wait for it already.
   */
  async login(code: string): Promise<LoginAnswer> {
    const account = await this.#ask(code);
    try {
      return await this.#enter(account);
    } catch (error) {
      // Two first logins of one account at once: the other one has made the user meanwhile.
      if (error instanceof DuplicateValueError) return this.#enter(account);
      throw error;
    }
  }

  async #ask(code: string): Promise<WechatAccount> {
    const { wechat, maxAtOnce, sessionKeyKey } = this.#options;
    if (this.#asking >= maxAtOnce) throw errors.OVERLOADED({ retryAfterSeconds: 2 });
    this.#asking += 1;
    try {
      const { openid, sessionKey, unionid } = await wechat.code2Session(code);
      const sealedSessionKey = sealSessionKey(sessionKey, `${wechat.appId} ${openid}`, sessionKeyKey);
      return { appId: wechat.appId, openid, unionid, sealedSessionKey };
    } catch (error) {
      throw error instanceof WechatError ? translate(error) : error;
    } finally {
      this.#asking -= 1;
    }
  }

  async #enter(account: WechatAccount): Promise<LoginAnswer> {
    const { database, sessions, tokenTtlMs } = this.#options;
    return database.transaction(async (transaction) => {
      const user = await this.#userOf(transaction, account);
      const session = await sessions.open(transaction, { kind: 'user', id: user.id }, tokenTtlMs);
      return {
        token: session.token,
        expiresAt: new Date(session.expiresAtMs).toISOString(),
        user: meOf(user),
      };
    });
  }

  async #userOf(connection: DatabaseConnection, account: WechatAccount): Promise<UserRow> {
    const known = await findUserByOpenid(connection, account);
    if (known !== undefined) {
      await renewUser(connection, known.id, account);
      return known;
    }
    const nowMs = this.#options.clock.now();
    const user: UserRow = {
      id: newRecordId(nowMs),
      nickname: null,
      avatarUrl: null,
      createdAt: nowMs,
      updatedAt: nowMs,
    };
    await insertUser(connection, user, account);
    return user;
  }
}

/** What callers can do something about; the rest is for the log, where the cause goes. */
function translate(error: WechatError): CodedError {
  switch (error.code) {
    case 'WECHAT_CODE_INVALID':
      return errors.LOGIN_CODE_INVALID();
    case 'WECHAT_USER_BLOCKED':
      return errors.LOGIN_REFUSED();
    case 'WECHAT_TOO_FREQUENT':
      return errors.TOO_MANY_REQUESTS({ retryAfterSeconds: error.retryAfterSeconds ?? 60 });
    default:
      return errors.WECHAT_UNAVAILABLE({ cause: error });
  }
}

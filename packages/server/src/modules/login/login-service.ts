import { errors, type LoginAnswer } from '@maque/contract';
import type { Clock, CodedError, Milliseconds } from '@maque/kit';
import { WechatError } from '@maque/wechat';
import { sealText } from '../../config/sealed-text.ts';
import { type Database, type DatabaseConnection, DuplicateValueError } from '../../ports/index.ts';
import { newRecordId } from '../records/record-id.ts';
import type { SessionOrigin, SessionService } from '../sessions/session-service.ts';
import {
  claimUnionid,
  findAccountOwner,
  findUnionOwner,
  insertAccount,
  renewAccount,
  type WechatAccount,
} from '../users/account-store.ts';
import type { UserService } from '../users/user-service.ts';
import { insertUser } from '../users/user-store.ts';
import type { CallGate } from '../wechat/call-gate.ts';

/** What login needs of WeChat, for one mini-program. */
export interface WechatLogin {
  readonly appId: string;
  /** @throws WechatError */
  code2Session(code: string): Promise<{ openid: string; sessionKey: string; unionid?: string }>;
}

export interface LoginServiceOptions {
  /** The mini-programs of this server, at least one; the first is meant where none is named. */
  readonly apps: readonly WechatLogin[];
  readonly database: Database;
  readonly sessions: SessionService;
  readonly users: UserService;
  readonly sessionKeyKey: Buffer;
  readonly tokenTtlMs: Milliseconds;
  /** Lets as many logins through as may wait for WeChat at once. */
  readonly gate: CallGate;
  readonly clock: Clock;
}

/** Turns a code of `wx.login` into a user and a session. */
export class LoginService {
  readonly #options: LoginServiceOptions;

  constructor(options: LoginServiceOptions) {
    this.#options = options;
  }

  /**
   * @param appId the mini-program that asks; the first one unless told.
   * @throws CodedError LOGIN_APP_UNKNOWN, LOGIN_CODE_INVALID, LOGIN_REFUSED, TOO_MANY_REQUESTS or WECHAT_UNAVAILABLE for
   * what WeChat says, OVERLOADED when too many logins wait for it already.
   */
  async login(
    code: string,
    appId: string | null,
    origin: Omit<SessionOrigin, 'appId'>,
  ): Promise<LoginAnswer> {
    const { apps } = this.#options;
    const app = appId === null ? apps[0] : apps.find((one) => one.appId === appId);
    if (app === undefined) throw errors.LOGIN_APP_UNKNOWN();
    const account = await this.#ask(app, code);
    try {
      return await this.#enter(account, origin);
    } catch (error) {
      // Two first logins of one account at once: the other one has made the user meanwhile.
      if (error instanceof DuplicateValueError) return this.#enter(account, origin);
      throw error;
    }
  }

  async #ask(app: WechatLogin, code: string): Promise<WechatAccount> {
    const { gate, sessionKeyKey } = this.#options;
    try {
      const { openid, sessionKey, unionid } = await gate.pass(() => app.code2Session(code));
      const sealedSessionKey = sealText(sessionKey, `${app.appId} ${openid}`, sessionKeyKey);
      return { appId: app.appId, openid, unionid, sealedSessionKey };
    } catch (error) {
      throw error instanceof WechatError ? translate(error) : error;
    }
  }

  async #enter(account: WechatAccount, origin: Omit<SessionOrigin, 'appId'>): Promise<LoginAnswer> {
    const { database, sessions, users, tokenTtlMs } = this.#options;
    return database.transaction(async (transaction) => {
      const id = await this.#userOf(transaction, account);
      const owner = { kind: 'user', id } as const;
      const from = { ...origin, appId: account.appId };
      const session = await sessions.open(transaction, owner, tokenTtlMs, from);
      return {
        token: session.token,
        expiresAt: new Date(session.expiresAtMs).toISOString(),
        user: await users.me(id, transaction),
      };
    });
  }

  /** The user of an account: known by it, or by the unionid that another mini-program has told, or made. */
  async #userOf(connection: DatabaseConnection, account: WechatAccount): Promise<string> {
    const { unionid } = account;
    const known = await findAccountOwner(connection, account);
    if (known !== undefined) {
      await renewAccount(connection, account);
      // A mini-program that was bound to the open platform only now. WeChat leaves it out when it is unbound for a while.
      if (unionid !== undefined) await claimUnionid(connection, unionid, known);
      return known;
    }
    const nowMs = this.#options.clock.now();
    const fresh = newRecordId(nowMs);
    const isNew = unionid === undefined || (await claimUnionid(connection, unionid, fresh));
    const id = isNew ? fresh : ((await findUnionOwner(connection, unionid)) ?? fresh);
    if (isNew) await insertUser(connection, id, nowMs);
    await insertAccount(connection, id, account, nowMs);
    return id;
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

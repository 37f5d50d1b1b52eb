import { errors, type Me } from '@maque/contract';
import type { CodedError } from '@maque/kit';
import { type PhoneCode, type PhoneNumber, WechatError } from '@maque/wechat';
import type { Database } from '../../ports/index.ts';
import { findSessionApp } from '../sessions/session-store.ts';
import type { CallGate } from '../wechat/call-gate.ts';
import { findOpenid } from './account-store.ts';
import type { UserService } from './user-service.ts';

/** What binding a phone needs of WeChat, for one mini-program. */
export interface WechatPhones {
  readonly appId: string;
  /** @throws WechatError */
  phoneNumber(request: PhoneCode): Promise<PhoneNumber>;
}

export interface PhoneServiceOptions {
  readonly apps: readonly WechatPhones[];
  readonly users: UserService;
  readonly database: Database;
  /** Lets as many through as may wait for WeChat at once. */
  readonly gate: CallGate;
}

/** Binds the phone that a user gives with WeChat's button. */
export class PhoneService {
  readonly #options: PhoneServiceOptions;

  constructor(options: PhoneServiceOptions) {
    this.#options = options;
  }

  /**
   * WeChat is told the openid, and refuses a code that belongs to somebody else.
   * @throws CodedError PHONE_CODE_INVALID, TOO_MANY_REQUESTS, WECHAT_UNAVAILABLE, WECHAT_USER_UNKNOWN; OVERLOADED when too
   * many wait for it already.
   */
  async bind(user: { readonly userId: string; readonly sessionId: string }, code: string): Promise<Me> {
    const { apps, database, users, gate } = this.#options;
    // The code is one of the mini-program in which the button was; so is the session.
    const appId = await findSessionApp(database, user.sessionId);
    const app = apps.find((one) => one.appId === appId) ?? apps[0];
    const openid = app && (await findOpenid(database, user.userId, app.appId));
    if (app === undefined || openid === undefined) throw errors.WECHAT_USER_UNKNOWN();
    const asked = gate.pass(() => app.phoneNumber({ code, openid }));
    const { phoneNumber } = await asked.catch((error: unknown) => {
      throw error instanceof WechatError ? translate(error) : error;
    });
    return users.setPhone(user.userId, phoneNumber);
  }
}

/** What WeChat says of a code that belongs to another user than the one we name. */
const OPENID_OF_ANOTHER = 40003;

function translate(error: WechatError): CodedError {
  if (error.code === 'WECHAT_CODE_INVALID' || error.errcode === OPENID_OF_ANOTHER) {
    return errors.PHONE_CODE_INVALID();
  }
  if (error.code === 'WECHAT_TOO_FREQUENT') {
    return errors.TOO_MANY_REQUESTS({ retryAfterSeconds: error.retryAfterSeconds ?? 60 });
  }
  return errors.WECHAT_UNAVAILABLE({ cause: error });
}

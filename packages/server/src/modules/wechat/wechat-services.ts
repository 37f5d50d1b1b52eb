import { errors } from '@maque/contract';
import type { WechatClient } from '@maque/wechat';
import type { Messages, Payments, WechatServices } from '../../define/wechat-services.ts';
import type { Database } from '../../ports/index.ts';
import { findOpenid } from '../users/account-store.ts';

export interface WechatServicesOptions {
  /** Null when there is no AppID: each call says so. */
  readonly wechat: WechatClient | null;
  readonly database: Database;
  readonly payments: Payments;
  readonly messages: Messages;
}

/** What an app's own code is given of WeChat. */
export function createWechatServices(options: WechatServicesOptions): WechatServices {
  const { database, payments, messages } = options;

  /** @throws CodedError WECHAT_OFF */
  function client(): WechatClient {
    if (options.wechat === null) throw errors.WECHAT_OFF();
    return options.wechat;
  }

  /** @throws CodedError WECHAT_OFF, WECHAT_USER_UNKNOWN */
  async function openidOf(userId: string): Promise<string> {
    const openid = await findOpenid(database, userId, client().appId);
    if (openid === undefined) throw errors.WECHAT_USER_UNKNOWN();
    return openid;
  }

  return {
    payments,
    messages,
    get shipping() {
      return client().shipping;
    },
    async checkText(userId, request) {
      return client().content.checkText({ ...request, openid: await openidOf(userId) });
    },
    async checkMedia(userId, request) {
      return client().content.checkMedia({ ...request, openid: await openidOf(userId) });
    },
    qrCode: async (request) => client().links.qrCode(request),
    urlLink: async (request) => client().links.urlLink(request),
    async callApi(path, body) {
      return client().callApi(path, body === undefined ? { method: 'GET' } : { body });
    },
  };
}

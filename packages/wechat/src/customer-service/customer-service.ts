import { WechatError } from '../errors/wechat-error.ts';
import type { ApiFacts } from '../http/api-facts.ts';
import type { ApiCaller } from '../token/call-with-token.ts';
import { assertMessage, type CustomerMessage, messageBody } from './customer-message.ts';

export const SEND_CUSTOM_MESSAGE: ApiFacts = {
  method: 'POST',
  path: '/cgi-bin/message/custom/send',
  page: 'sendCustomMessage',
  call: 'client.customerService.send',
  summary: {
    en: 'Answers a user who has written: up to 5 messages within 48 hours.',
    zh: '向联系过客服的用户发送客服消息：48 小时内最多 5 条。',
  },
  errcodes: [-1, 40001, 40003, 40007, 40008, 40013, 45002, 45015, 45047, 48001, 70000],
};

// WeChat's page of 2026 gives mini-programs /cgi-bin/message/custom/business/typing, where developers get 40101 (a parameter
// is missing: the id of a sub-merchant); this is the address of its older pages, which SDKs use. Unconfirmed.
export const TYPING: ApiFacts = {
  method: 'POST',
  path: '/cgi-bin/message/custom/typing',
  page: 'typing',
  call: 'client.customerService.typing',
  summary: {
    en: 'Shows the user that somebody is typing, for 15 seconds.',
    zh: '向用户展示“正在输入”状态，持续 15 秒。',
  },
  errcodes: [-1, 40001, 40003, 40200, 45072, 45080, 45081, 48001],
};

export const CUSTOMER_SERVICE_APIS: readonly ApiFacts[] = [SEND_CUSTOM_MESSAGE, TYPING];

/**
 * Answers to users who have contacted customer service. Each message of theirs allows 5 within 48 hours, opening the
 * conversation 2 within a minute; these do not add up (WeChat's guide to customer-service messages).
 */
export interface CustomerService {
  /**
   * Not sent again by itself: a message that seems lost may have arrived.
   * @throws WechatError: `WECHAT_REPLY_CLOSED` (409) when the user has to write first, or as other calls do.
   */
  send(openid: string, message: CustomerMessage): Promise<void>;
  /**
   * Shows the user that somebody is typing, or hides it; answers whether the user sees it so. It cannot be shown when nothing
   * was said for 30 seconds.
   * @throws WechatError
   */
  typing(openid: string, active?: boolean): Promise<boolean>;
}

export function createCustomerService(callApi: ApiCaller, appId: string): CustomerService {
  return {
    async send(openid, message) {
      assertMessage(SEND_CUSTOM_MESSAGE.path, openid, message);
      const body = { touser: openid, ...messageBody(message, appId) };
      await callApi({ ...SEND_CUSTOM_MESSAGE, body, maxRetries: 0, secrets: [] });
    },
    async typing(openid, active = true) {
      const body = { touser: openid, command: active ? 'Typing' : 'CancelTyping' };
      try {
        await callApi({ ...TYPING, body, maxRetries: 0, secrets: [] });
        return true;
      } catch (error) {
        if (!(error instanceof WechatError)) throw error;
        if (error.errcode === 45081) return true;
        if (error.code === 'WECHAT_REPLY_CLOSED') return !active;
        throw error;
      }
    },
  };
}

import type { ApiFacts } from '../http/api-facts.ts';
import { unreadable } from '../http/read-fields.ts';
import type { ApiCaller } from '../token/call-with-token.ts';

export const GET_CALLBACK_IP: ApiFacts = {
  method: 'GET',
  path: '/cgi-bin/getcallbackip',
  page: 'getCallbackIp',
  call: 'client.platform.callbackAddresses',
  summary: { en: 'The addresses that WeChat pushes from.', zh: '获取微信推送服务器的 IP 列表。' },
  errcodes: [-1, 40001],
};

/** The addresses, or ranges of them, that WeChat pushes from. They change: look each day, pin nothing. @throws WechatError */
export async function fetchCallbackAddresses(callApi: ApiCaller): Promise<string[]> {
  const { ip_list } = await callApi({ ...GET_CALLBACK_IP, maxRetries: 2, secrets: [] });
  if (!Array.isArray(ip_list)) throw unreadable(GET_CALLBACK_IP.path, 'JSON without ip_list');
  return ip_list.filter((address) => typeof address === 'string');
}

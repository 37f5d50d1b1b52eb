import { SECOND } from '@maque/kit';
import { argumentError } from '../errors/wechat-error.ts';
import type { ApiFacts } from '../http/api-facts.ts';
import { toNumber, toRecord, toText } from '../http/read-fields.ts';
import type { ApiCaller } from '../token/call-with-token.ts';

/** What WeChat remembers of a call that failed. Tokens, secrets and numbers of users in it are blotted out. */
export interface RidReport {
  /** Ms since the epoch. */
  readonly calledAtMs: number;
  readonly tookMs: number;
  /** The address that the call came from. */
  readonly clientIp: string;
  readonly requestUrl: string;
  readonly requestBody: string;
  readonly responseBody: string;
}

export const GET_RID: ApiFacts = {
  method: 'POST',
  path: '/cgi-bin/openapi/rid/get',
  page: 'getRidInfo',
  call: 'client.platform.explainRid',
  summary: {
    en: 'What WeChat remembers of a failed call, for 7 days.',
    zh: '查询 rid 对应的调用详情（7 天内）。',
  },
  errcodes: [-1, 40001, 76001, 76002, 76003, 76004],
};

/**
 * Asks what became of a call, by the rid of its error. Not for paths below /sns/.
 * @throws WechatError: `WECHAT_NOT_FOUND` when it is unknown, older than 7 days or another account's.
 */
export async function explainRid(callApi: ApiCaller, rid: string): Promise<RidReport> {
  if (!/^[\w-]{1,64}$/.test(rid)) {
    const issue = { en: 'must be what follows "rid:" in an errmsg', zh: '须为 errmsg 中 rid: 之后的内容' };
    throw argumentError(GET_RID.path, [{ path: 'rid', issue }]);
  }
  const answer = await callApi({ ...GET_RID, body: { rid }, maxRetries: 2, secrets: [] });
  const request = toRecord(answer.request);
  return {
    calledAtMs: (toNumber(request.invoke_time) ?? 0) * SECOND,
    tookMs: toNumber(request.cost_in_ms) ?? 0,
    clientIp: toText(request.client_ip),
    requestUrl: blotOut(toText(request.request_url)),
    requestBody: blotOut(toText(request.request_body)),
    responseBody: blotOut(toText(request.response_body)),
  };
}

const SECRET_NAMES =
  'access_token|secret|appsecret|session_key|signature|js_code|code|phoneNumber|purePhoneNumber|mobile_no';

const IN_QUERY = new RegExp(`\\b(${SECRET_NAMES})=[^&\\s]*`, 'g');
// WeChat cuts long bodies off, so the closing quote may be missing.
const IN_JSON = new RegExp(`"(${SECRET_NAMES})"\\s*:\\s*"[^"]*"?`, 'g');

function blotOut(text: string): string {
  return text.replace(IN_QUERY, '$1=***').replace(IN_JSON, '"$1":"***"');
}

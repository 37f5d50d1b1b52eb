import { WechatError } from '../errors/wechat-error.ts';
import type { ApiFacts } from '../http/api-facts.ts';
import { textField } from '../http/read-fields.ts';
import type { ApiCaller } from '../token/call-with-token.ts';

export const CHECK_SESSION_KEY: ApiFacts = {
  method: 'GET',
  path: '/wxa/checksession',
  page: 'checkSessionKey',
  call: 'client.checkSessionKey',
  summary: {
    en: 'Tells whether WeChat still holds this session key for the user.',
    zh: '校验服务器保存的用户 session_key 是否仍有效。',
  },
  errcodes: [-1, 40097, 45011, 87007, 87008, 87009],
};

export const RESET_SESSION_KEY: ApiFacts = {
  method: 'GET',
  path: '/wxa/resetusersessionkey',
  page: 'ResetUserSessionKey',
  call: 'client.resetUserSessionKey',
  summary: {
    en: "Replaces a user's session key; the old one dies.",
    zh: '重置用户的 session_key，旧的立即失效。',
  },
  errcodes: [-1, 40097, 45011, 87007, 87008, 87009],
};

/** A user and the session key that we believe to be current. */
export interface SessionKeyOwner {
  readonly openid: string;
  readonly sessionKey: string;
}

/**
 * Proves to WeChat that we know a session key: HMAC-SHA256 in hex, keyed with the base64 text as received, not with the
 * bytes that it encodes. WeChat's page writes `hmac_sha256(session_key, "")`, which many read the wrong way round.
 */
export async function signWithSessionKey(sessionKey: string, message: string): Promise<string> {
  // Of the 3 MiB that importing the client may cost, node:crypto would take 2.9: it is loaded when something is signed.
  const { createHmac } = await import('node:crypto');
  return createHmac('sha256', sessionKey).update(message).digest('hex');
}

/** Whether WeChat still holds this session key for the user. @throws WechatError when it cannot be told. */
export async function checkSessionKey(callApi: ApiCaller, owner: SessionKeyOwner): Promise<boolean> {
  try {
    await callApi({ ...CHECK_SESSION_KEY, ...(await proofOf(owner)), maxRetries: 2 });
    return true;
  } catch (error) {
    if (error instanceof WechatError && error.code === 'WECHAT_SESSION_STALE') return false;
    throw error;
  }
}

/**
 * Replaces a user's session key; the old one dies, and the new one ends when it would have.
 * @throws WechatError: `WECHAT_SESSION_STALE` (401: the client logs in again) when the key is not the current one.
 */
export async function resetUserSessionKey(
  callApi: ApiCaller,
  owner: SessionKeyOwner,
): Promise<SessionKeyOwner> {
  const { path } = RESET_SESSION_KEY;
  // Not repeated: a first try that worked has made the key that signs the second one worthless.
  const answer = await callApi({ ...RESET_SESSION_KEY, ...(await proofOf(owner)), maxRetries: 0 });
  return { openid: textField(path, answer, 'openid'), sessionKey: textField(path, answer, 'session_key') };
}

// WeChat's table lists these as body fields of a GET; its samples and every implementation send them in the query.
async function proofOf({ openid, sessionKey }: SessionKeyOwner) {
  const signature = await signWithSessionKey(sessionKey, '');
  return { query: { openid, signature, sig_method: 'hmac_sha256' }, secrets: [sessionKey, signature] };
}

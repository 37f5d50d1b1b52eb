import { argumentError } from '../errors/wechat-error.ts';
import type { ApiFacts } from '../http/api-facts.ts';
import { textField } from '../http/read-fields.ts';
import type { ApiCaller } from '../token/call-with-token.ts';
import { SCENES } from './check-text.ts';
import type { MediaCheckRequest } from './content-types.ts';

export const MEDIA_CHECK_ASYNC: ApiFacts = {
  method: 'POST',
  path: '/wxa/media_check_async',
  page: 'mediaCheckAsync',
  call: 'client.content.checkMedia',
  summary: {
    en: 'Has an image or a sound checked; the result comes by push within 30 minutes.',
    zh: '异步检测图片或音频，结果在 30 分钟内推送。',
  },
  errcodes: [-1, 40001, 40003, 40004, 40129, 43104, 44991, 45009, 61010, 87020],
};

const KINDS = { audio: 1, image: 2 } as const;

// What browsers and servers take for a URL; signed ones of object stores have some 500 characters.
const MAX_URL = 2_048;

/**
 * Asks WeChat to fetch and check an image or a sound. Write the trace id down before anything else: the push with the result
 * may come before this answer does. After 30 minutes without one, nobody knows.
 * @throws WechatError: `WECHAT_USER_AWAY`, `WECHAT_CALL_INVALID` for what is no address, or as other calls do.
 */
export async function checkMedia(
  callApi: ApiCaller,
  { openid, url, kind, scene }: MediaCheckRequest,
): Promise<{ readonly traceId: string }> {
  if (url.length > MAX_URL || !/^https?:\/\//.test(url) || !URL.canParse(url)) {
    const issue = {
      en: `must be an http(s) address of at most ${MAX_URL} characters`,
      zh: '须为 http(s) 地址',
    };
    throw argumentError(MEDIA_CHECK_ASYNC.path, [{ path: 'url', issue }]);
  }
  const body = { version: 2, openid, media_url: url, media_type: KINDS[kind], scene: SCENES[scene] };
  // Not repeated: a second check would have a second result. The address may be signed, and opens the file.
  const answer = await callApi({ ...MEDIA_CHECK_ASYNC, body, maxRetries: 0, secrets: [url] });
  return { traceId: textField(MEDIA_CHECK_ASYNC.path, answer, 'trace_id') };
}

import type { ErrorFault } from '@maque/kit';
import { argumentError } from '../errors/wechat-error.ts';
import type { ApiFacts } from '../http/api-facts.ts';
import type { JsonAnswer } from '../http/read-answer.ts';
import { toNumber, toRecord, toRecords, toText, unreadable } from '../http/read-fields.ts';
import type { ApiCaller } from '../token/call-with-token.ts';
import type { ContentScene, TextCheckRequest, TextVerdict } from './content-types.ts';
import { readSuggestion } from './media-verdict.ts';

export const MSG_SEC_CHECK: ApiFacts = {
  method: 'POST',
  path: '/wxa/msg_sec_check',
  page: 'msgSecCheck',
  call: 'client.content.checkText',
  summary: { en: 'Tells whether a text may be shown to others.', zh: '检测文本是否可以展示给他人。' },
  errcodes: [-1, 40001, 40003, 40129, 43002, 43104, 44002, 44991, 45009, 47001, 61010],
};

export const SCENES: Readonly<Record<ContentScene, number>> = {
  profile: 1,
  comment: 2,
  forum: 3,
  'social-log': 4,
};

// 2,500 characters on WeChat's page.
const MAX_CONTENT = 2_500;

/**
 * Asks WeChat whether a text may be shown. Success of the call says nothing: decide by `suggest`.
 * @throws WechatError: `WECHAT_USER_AWAY` (the user has not been here within two hours), `WECHAT_CALL_INVALID` for a text
 * that is empty or too long, before anything is sent; or as other calls do.
 */
export async function checkText(callApi: ApiCaller, request: TextCheckRequest): Promise<TextVerdict> {
  const faults = faultsOf(request);
  if (faults.length > 0) throw argumentError(MSG_SEC_CHECK.path, faults);
  const { openid, content, scene, title, nickname, signature } = request;
  const optional = Object.entries({ title, nickname, signature }).filter(([, value]) => value !== undefined);
  // WeChat's page says that version is the number 2; as text it is taken for the version of 2019.
  const body = { version: 2, openid, scene: SCENES[scene], content, ...Object.fromEntries(optional) };
  return readVerdict(await callApi({ ...MSG_SEC_CHECK, body, maxRetries: 2, secrets: [] }));
}

function faultsOf({ content, scene, signature }: TextCheckRequest): ErrorFault[] {
  const faults: ErrorFault[] = [];
  const { length } = [...content];
  if (length === 0 || length > MAX_CONTENT) {
    faults.push({
      path: 'content',
      issue: { en: `must have 1 to ${MAX_CONTENT} characters`, zh: `须为 1 到 ${MAX_CONTENT} 个字符` },
    });
  }
  if (signature !== undefined && scene !== 'profile') {
    faults.push({
      path: 'signature',
      issue: { en: 'is only for the scene profile', zh: '仅用于资料场景（profile）' },
    });
  }
  return faults;
}

function readVerdict(answer: JsonAnswer): TextVerdict {
  const result = toRecord(answer.result);
  if (typeof result.suggest !== 'string') throw unreadable(MSG_SEC_CHECK.path, 'JSON without result.suggest');
  // A strategy that failed (an errcode of its own) says nothing.
  const details = toRecords(answer.detail).filter(({ errcode }) => (toNumber(errcode) ?? 0) === 0);
  return {
    suggest: readSuggestion(result.suggest),
    label: toNumber(result.label) ?? 0,
    traceId: toText(answer.trace_id),
    keywords: details.map(({ keyword }) => toText(keyword)).filter((keyword) => keyword !== ''),
  };
}

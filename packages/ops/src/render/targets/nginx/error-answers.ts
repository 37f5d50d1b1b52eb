import { type Language, say, type Text } from '@maque/kit';
import { because, block, type ConfigEntry, numbered } from '../../config-lines.ts';
import { nginxMeanings as meanings } from './nginx-meanings.ts';
import { NGINX_SAYINGS as sayings } from './nginx-sayings.ts';

interface ErrorAnswer {
  readonly status: number;
  /** As the app names it on the wire. */
  readonly code: string;
  readonly message: Text;
  readonly isBusy: boolean;
}

/** A block with a header of its own inherits none. */
export const HSTS = 'add_header Strict-Transport-Security $hsts always;';
const RETRY_SECONDS = 2;

const BUSY: Text = { en: 'The server is busy; try again shortly', zh: '服务器繁忙，请稍后再试' };

const ANSWERS: readonly ErrorAnswer[] = [
  {
    status: 413,
    code: 'BODY_TOO_LARGE',
    message: { en: 'The body is too large', zh: '请求体过大' },
    isBusy: false,
  },
  {
    status: 429,
    code: 'TOO_MANY_REQUESTS',
    message: { en: 'Too many requests', zh: '请求过于频繁' },
    isBusy: true,
  },
  { status: 502, code: 'OVERLOADED', message: BUSY, isBusy: true },
  { status: 503, code: 'OVERLOADED', message: BUSY, isBusy: true },
  {
    status: 504,
    code: 'ANSWER_TIMEOUT',
    message: { en: 'The answer took too long to make', zh: '处理超时' },
    isBusy: false,
  },
];

/** What nginx answers in place of the app; the app's own errors go through untouched. */
export function errorAnswers(language: Language): readonly ConfigEntry[] {
  return [
    because(sayings.errors, ...ANSWERS.map(({ status }) => `error_page ${status} @answer_${status};`)),
    ...ANSWERS.map((answer) => block(`location @answer_${answer.status}`, linesOf(answer, language))),
  ];
}

function linesOf({ status, code, message, isBusy }: ErrorAnswer, language: Language): readonly ConfigEntry[] {
  const error = `{"error":{"code":"${code}","message":"${say(message, language)}","requestId":"$request_id"}}`;
  return [
    'default_type application/json;',
    HSTS,
    ...(isBusy
      ? [numbered(meanings.retry_after, '', `add_header Retry-After ${RETRY_SECONDS} always;`)]
      : []),
    `return ${status} '${error}';`,
  ];
}

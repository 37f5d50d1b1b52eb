import type { Bytes, Clock, Milliseconds } from '@maque/kit';
import { transportError } from '../errors/wechat-error.ts';
import type { AnswerTime } from './clock-skew.ts';
import { type Answer, readAnswer } from './read-answer.ts';
import { UnreadableAnswer } from './read-bounded.ts';

/** One call to WeChat. */
export interface WechatCall {
  readonly method: 'GET' | 'POST';
  /** From the slash on, without a query: `/wxa/msg_sec_check`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** How often it may be sent again when WeChat is busy or breaks off: above 0 only if a repetition does no harm. */
  readonly maxRetries: number;
  /** Values that must never be seen in an error, should WeChat echo them. */
  readonly secrets: readonly string[];
}

export interface FetchOptions {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly timeoutMs: Milliseconds;
  readonly maxAnswerBytes: Bytes;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
}

type OnDate = (path: string, dateHeader: string | null, time: AnswerTime) => void;

/**
 * Sends a call once and reads what comes back.
 * @param onDate told of the answer's `Date` header as soon as the headers are there.
 * @throws WechatError when there is no answer, or none that can be read.
 */
export async function fetchAnswer(call: WechatCall, options: FetchOptions, onDate: OnDate): Promise<Answer> {
  const { clock } = options;
  const sentAt = clock.monotonic();
  let httpStatus = 0;
  try {
    const response = await options.fetch(urlOf(call, options.baseUrl), requestOf(call, options.timeoutMs));
    httpStatus = response.status;
    const time = { receivedAtMs: clock.now(), waitedMs: clock.monotonic() - sentAt };
    onDate(call.path, response.headers.get('date'), time);
    return await readAnswer(response, options.maxAnswerBytes);
  } catch (error) {
    if (error instanceof UnreadableAnswer) {
      throw transportError('WECHAT_ANSWER_UNREADABLE', call.path, { httpStatus, found: error.found });
    }
    if (error instanceof Error && error.name === 'TimeoutError') {
      throw transportError('WECHAT_TIMED_OUT', call.path, { timeoutMs: options.timeoutMs });
    }
    throw transportError('WECHAT_UNREACHABLE', call.path, { reason: reasonOf(error) });
  }
}

function urlOf(call: WechatCall, baseUrl: string): string {
  const query = new URLSearchParams(call.query).toString();
  return query === '' ? baseUrl + call.path : `${baseUrl}${call.path}?${query}`;
}

function requestOf(call: WechatCall, timeoutMs: Milliseconds): RequestInit {
  return {
    method: call.method,
    // WeChat does not redirect; following one would carry the secrets in the query to another host.
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    ...(call.body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(call.body) }),
  };
}

/** A code such as ECONNREFUSED. Never the message or the error itself: some of fetch's quote the whole URL. */
export function reasonOf(error: unknown): string {
  for (const candidate of [error instanceof Error ? error.cause : undefined, error]) {
    if (candidate instanceof Error && 'code' in candidate && typeof candidate.code === 'string') {
      return candidate.code;
    }
  }
  return error instanceof Error ? error.name : 'unknown';
}

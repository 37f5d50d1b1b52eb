import type { Bytes, Clock, Milliseconds } from '@maque/kit';
import { refusalError, transportError, WechatError } from '../errors/wechat-error.ts';
import { PathHolds } from './path-holds.ts';
import { type JsonAnswer, readAnswer, UnreadableAnswer } from './read-answer.ts';
import { retryDelay } from './retry-delay.ts';

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

/** What one exchange with WeChat was like, for metrics and logs. Holds no secret: no query, no body. */
export interface CallReport {
  readonly path: string;
  /** 0 for success, null when there was no answer to read it from. */
  readonly errcode: number | null;
  readonly ms: Milliseconds;
  readonly rid: string | null;
  /** 1 for the first try, 2 for the first retry… */
  readonly attempt: number;
}

interface CallerOptions {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly timeoutMs: Milliseconds;
  readonly maxAnswerBytes: Bytes;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly random: () => number;
  readonly sleep: (ms: Milliseconds) => Promise<void>;
  readonly onCall: (report: CallReport) => void;
  readonly onAlert: (error: WechatError) => void;
}

/** Sends calls and answers with what WeChat says. @throws WechatError for everything else. */
export type Caller = (call: WechatCall) => Promise<JsonAnswer>;

export function createCaller(options: CallerOptions): Caller {
  const holds = new PathHolds(options.clock);

  async function exchange(call: WechatCall, attempt: number): Promise<JsonAnswer> {
    const startedAt = options.clock.monotonic();
    const report = (errcode: number | null, rid: string | null) =>
      options.onCall({ path: call.path, errcode, ms: options.clock.monotonic() - startedAt, rid, attempt });
    let answer: JsonAnswer;
    try {
      answer = await fetchAnswer(call, options);
    } catch (error) {
      report(null, null);
      throw error;
    }
    const refusal = refusalIn(call, answer);
    report(refusal?.errcode ?? 0, refusal?.rid ?? null);
    if (refusal !== undefined) throw refusal;
    return answer;
  }

  return async function send(call) {
    const standing = holds.standing(call.path);
    if (standing !== undefined) throw standing;
    for (let retriesDone = 0; ; retriesDone += 1) {
      try {
        return await exchange(call, retriesDone + 1);
      } catch (error) {
        if (!(error instanceof WechatError)) throw error;
        if (error.holdsPath) holds.place(error);
        // A refused token is no news before its replacement is refused as well; see `call-with-token.ts`.
        if (error.alert && error.retry !== 'new-token') options.onAlert(error);
        const delayMs = retryDelay(error.retry, retriesDone, call.maxRetries, options.random());
        if (delayMs === null) throw error;
        await options.sleep(delayMs);
      }
    }
  };
}

/** The error that an answer stands for: an `errcode` that is there and not 0. HTTP status 200 says nothing. */
function refusalIn(call: WechatCall, answer: JsonAnswer): WechatError | undefined {
  const { errcode, errmsg } = answer;
  if (typeof errcode !== 'number' || errcode === 0) return undefined;
  return refusalError(call.path, { errcode, errmsg }, call.secrets);
}

async function fetchAnswer(call: WechatCall, options: CallerOptions): Promise<JsonAnswer> {
  const url = urlOf(call, options.baseUrl);
  const request = requestOf(call, options.timeoutMs);
  let httpStatus = 0;
  try {
    const response = await options.fetch(url, request);
    httpStatus = response.status;
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
function reasonOf(error: unknown): string {
  for (const candidate of [error instanceof Error ? error.cause : undefined, error]) {
    if (candidate instanceof Error && 'code' in candidate && typeof candidate.code === 'string') {
      return candidate.code;
    }
  }
  return error instanceof Error ? error.name : 'unknown';
}

import { type Bytes, type Milliseconds, SECOND } from '@maque/kit';
import { ClockSkewWatch } from '../../http/clock-skew.ts';
import { reasonOf } from '../../http/fetch-answer.ts';
import { readBounded, UnreadableAnswer } from '../../http/read-bounded.ts';
import { retryDelay } from '../../http/retry-delay.ts';
import { payFailure, WechatPayError } from '../errors/wechat-pay-error.ts';
import type { Hosts } from './hosts.ts';
import { type PayAnswer, type PayRequest, pathAndQuery } from './pay-request.ts';
import { type Believe, type PayFields, readFields, toAnswer } from './read-fields.ts';
import { type SendOptions, sendSigned } from './send-signed.ts';

// Two more tries: a user waits on it.
const MAX_RETRIES = 2;

/** What one exchange with WeChat Pay was like, for metrics and logs. Holds no number of an order, no body. */
export interface PayCallReport {
  readonly method: 'GET' | 'POST';
  /** The API's path with its placeholders. */
  readonly path: string;
  /** Null when there was no answer. */
  readonly httpStatus: number | null;
  /** What the failure is called here; null for success. */
  readonly failure: WechatPayError['code'] | null;
  /** What WeChat Pay calls it. */
  readonly wechatCode: string | null;
  readonly ms: Milliseconds;
  readonly requestId: string | null;
  /** 1 for the first try, 2 for the first retry… */
  readonly attempt: number;
}

export interface PayCallerOptions extends SendOptions {
  readonly hosts: Hosts;
  readonly timeoutMs: Milliseconds;
  readonly maxAnswerBytes: Bytes;
  readonly random: () => number;
  readonly sleep: (ms: Milliseconds) => Promise<void>;
  /** The id of the key that answers should be signed with. */
  readonly answerSerial: () => string | undefined;
  readonly onCall: (report: PayCallReport) => void;
  /** Told when the clocks part; failures are for whoever called to tell. */
  readonly onAlert: (error: WechatPayError) => void;
}

/** Sends calls and answers with what WeChat Pay says, proved to be said by it. @throws WechatPayError for everything else. */
export type PayCaller = (request: PayRequest, believe: Believe) => Promise<PayFields>;

export function createPayCaller(options: PayCallerOptions): PayCaller {
  const { clock } = options;
  const skewWatch = new ClockSkewWatch();

  function watchClock(path: string, date: string | undefined, waitedMs: Milliseconds): void {
    const skew = skewWatch.observe(date ?? null, { receivedAtMs: clock.now(), waitedMs });
    if (skew === undefined || skew.level === 'none') return;
    const skewSeconds = Math.round(skew.skewMs / SECOND);
    options.onAlert(payFailure('WECHAT_PAY_CLOCK_WRONG', path, { skewSeconds }));
  }

  async function exchange(request: PayRequest, body: string, attempt: number, believe: Believe) {
    const { method, path } = request.api;
    const startedAt = clock.monotonic();
    let answer: PayAnswer | undefined;
    const report = (error: WechatPayError | null) =>
      options.onCall({
        method,
        path,
        httpStatus: answer?.httpStatus ?? error?.httpStatus ?? null,
        failure: error?.code ?? null,
        wechatCode: error?.wechatCode ?? null,
        ms: clock.monotonic() - startedAt,
        requestId: answer?.requestId ?? null,
        attempt,
      });
    try {
      answer = await ask(request, body, options);
      watchClock(path, answer.header('date'), clock.monotonic() - startedAt);
      const fields = await readFields(request, answer, believe, clock.now());
      report(null);
      return fields;
    } catch (error) {
      if (error instanceof WechatPayError) report(error);
      throw error;
    }
  }

  return async function send(request, believe) {
    // Written once: what is signed is what is sent, at every try.
    const body = request.body === undefined ? '' : JSON.stringify(request.body);
    for (let retriesDone = 0; ; retriesDone += 1) {
      try {
        return await exchange(request, body, retriesDone + 1, believe);
      } catch (error) {
        if (!(error instanceof WechatPayError)) throw error;
        const delayMs = retryDelay(error.retry, retriesDone, MAX_RETRIES, options.random());
        if (delayMs === null) throw error;
        await options.sleep(delayMs);
      }
    }
  };
}

/** Sends it once and reads whatever comes back. @throws WechatPayError when nothing does. */
async function ask(request: PayRequest, body: string, options: PayCallerOptions): Promise<PayAnswer> {
  const { method, path } = request.api;
  const host = options.hosts.current();
  let httpStatus = 0;
  try {
    const response = await sendSigned(
      {
        method,
        host,
        pathAndQuery: pathAndQuery(request),
        body,
        answerSerial: options.answerSerial(),
        signal: AbortSignal.timeout(options.timeoutMs),
      },
      options,
    );
    httpStatus = response.status;
    return toAnswer(response, await readBounded(response, options.maxAnswerBytes));
  } catch (error) {
    if (error instanceof UnreadableAnswer) {
      throw payFailure('WECHAT_PAY_ANSWER_UNREADABLE', path, { httpStatus, found: error.found });
    }
    // A silence too, for it may be that of a network that swallows all: this call is not repeated, others go elsewhere.
    options.hosts.failed(host);
    throw connectionFailure(error, path, options.timeoutMs);
  }
}

/** The error for a connection that did not come about, broke, or stayed silent. */
export function connectionFailure(error: unknown, path: string, timeoutMs: Milliseconds): WechatPayError {
  return error instanceof Error && error.name === 'TimeoutError'
    ? payFailure('WECHAT_PAY_TIMED_OUT', path, { timeoutMs })
    : payFailure('WECHAT_PAY_UNREACHABLE', path, { reason: reasonOf(error) });
}

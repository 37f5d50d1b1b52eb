import { type Milliseconds, SECOND } from '@maque/kit';
import type { FailureCode } from '../errors/failure-codes.ts';
import { refusalError, transportError, WechatError } from '../errors/wechat-error.ts';
import { type AnswerTime, type ClockSkew, ClockSkewWatch } from './clock-skew.ts';
import { type FetchOptions, fetchAnswer, type WechatCall } from './fetch-answer.ts';
import { PathHolds } from './path-holds.ts';
import type { Answer, JsonAnswer, PictureAnswer } from './read-answer.ts';
import { unreadable } from './read-fields.ts';
import { retryDelay } from './retry-delay.ts';

/** What one exchange with WeChat was like, for metrics and logs. Holds no secret: no query, no body. */
export interface CallReport {
  readonly path: string;
  /** 0 for success, null when there was no answer to read it from. */
  readonly errcode: number | null;
  /** What the failure is called here; null for success. */
  readonly failure: FailureCode | null;
  readonly ms: Milliseconds;
  readonly rid: string | null;
  /** 1 for the first try, 2 for the first retry… */
  readonly attempt: number;
}

/** What is known of the daily quota of one API, for metrics. */
export interface QuotaReport {
  readonly path: string;
  /** Calls left today. */
  readonly left: number;
  /** Calls a day; null when WeChat has not said, as when it refuses a call because none are left. */
  readonly dailyLimit: number | null;
}

interface CallerOptions extends FetchOptions {
  readonly random: () => number;
  readonly sleep: (ms: Milliseconds) => Promise<void>;
  readonly onCall: (report: CallReport) => void;
  readonly onQuota: (quota: QuotaReport) => void;
  readonly onClockSkew: (skew: ClockSkew) => void;
  readonly onAlert: (error: WechatError) => void;
}

/** Sends calls and answers with what WeChat says. @throws WechatError for everything else. */
export type Caller<Wanted = JsonAnswer> = (call: WechatCall) => Promise<Wanted>;

export interface Callers {
  /** For nearly all of WeChat's APIs. */
  readonly forJson: Caller;
  /** For those that answer a picture. */
  readonly forPicture: Caller<PictureAnswer>;
  /** Paths that were held because their quota was used up may be called again. */
  releaseQuotas(): void;
}

/** Callers that share what is known of the paths: one that WeChat holds is held for both. */
export function createCallers(options: CallerOptions): Callers {
  const holds = new PathHolds(options.clock);
  const skewWatch = new ClockSkewWatch();

  async function exchange<Wanted>(call: WechatCall, attempt: number, want: Want<Wanted>): Promise<Wanted> {
    const startedAt = options.clock.monotonic();
    const report = (errcode: number | null, failure: WechatError | null) => {
      const ms = options.clock.monotonic() - startedAt;
      const { code = null, rid = null } = failure ?? {};
      options.onCall({ path: call.path, errcode, failure: code, ms, rid, attempt });
    };
    try {
      const answer = await fetchAnswer(call, options, noticeDate);
      throwRefusal(call, answer);
      const wanted = want(answer, call.path);
      report(0, null);
      return wanted;
    } catch (error) {
      if (error instanceof WechatError) report(error.errcode, error);
      throw error;
    }
  }

  async function send<Wanted>(call: WechatCall, want: Want<Wanted>): Promise<Wanted> {
    const standing = holds.standing(call.path);
    if (standing !== undefined) throw standing;
    for (let retriesDone = 0; ; retriesDone += 1) {
      try {
        return await exchange(call, retriesDone + 1, want);
      } catch (error) {
        if (!(error instanceof WechatError)) throw error;
        notice(error);
        const delayMs = retryDelay(error.retry, retriesDone, call.maxRetries, options.random());
        if (delayMs === null) throw error;
        await options.sleep(delayMs);
      }
    }
  }

  function notice(error: WechatError): void {
    if (error.holdsPath) holds.place(error);
    if (error.code === 'WECHAT_QUOTA_USED_UP' && error.holdsPath) {
      options.onQuota({ path: error.path, left: 0, dailyLimit: null });
    }
    // A refused token is no news before its replacement is refused as well; see `call-with-token.ts`.
    if (error.alert && error.retry !== 'new-token') options.onAlert(error);
  }

  function noticeDate(path: string, dateHeader: string | null, time: AnswerTime): void {
    const skew = skewWatch.observe(dateHeader, time);
    if (skew === undefined) return;
    options.onClockSkew(skew);
    if (skew.level === 'serious') options.onAlert(clockSkewError(path, skew));
  }

  return {
    forJson: (call) => send(call, wantJson),
    forPicture: (call) => send(call, wantPicture),
    releaseQuotas: () => holds.releaseQuotas(),
  };
}

function clockSkewError(path: string, { skewMs }: ClockSkew): WechatError {
  return transportError('WECHAT_CLOCK_SKEWED', path, { skewSeconds: Math.round(skewMs / SECOND) });
}

type Want<Wanted> = (answer: Answer, path: string) => Wanted;

function wantJson(answer: Answer, path: string): JsonAnswer {
  if (answer.kind === 'json') return answer.json;
  throw unreadable(path, 'a picture');
}

function wantPicture(answer: Answer, path: string): PictureAnswer {
  if (answer.kind === 'picture') return answer.picture;
  throw unreadable(path, 'JSON without a picture');
}

/** An `errcode` that is there and not 0 is a refusal. HTTP status 200 says nothing. */
function throwRefusal(call: WechatCall, answer: Answer): void {
  if (answer.kind !== 'json') return;
  const { errcode, errmsg } = answer.json;
  if (typeof errcode === 'number' && errcode !== 0) {
    throw refusalError(call.path, { errcode, errmsg }, call.secrets);
  }
}

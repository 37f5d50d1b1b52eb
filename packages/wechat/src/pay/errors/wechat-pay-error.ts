import { CodedError, type ErrorFault, type Language, say, type Text } from '@maque/kit';
import { type PayFailureCode, type PayFailureKind, payFailureCodes } from './pay-failure-codes.ts';
import type { PayFailureRow } from './pay-failure-row.ts';
import { faultOf } from './pay-fault-numbers.ts';
import { classifyRefusal, type PayRefusalAnswer } from './pay-refusal-rows.ts';
import { type PayTransportFailure, payTransportRows } from './pay-transport-rows.ts';

/** What is known of a failed call or a refused notification. None of it is secret. */
interface PayFailureFacts {
  /** The API's path with its placeholders, such as `/v3/pay/transactions/id/{transaction_id}`; or `notification`. */
  readonly path: string;
  readonly httpStatus?: number;
  readonly wechatCode?: string;
  /** WeChat Pay's own words. */
  readonly said?: string;
  readonly requestId?: string | null;
  /** Whatever else the advice speaks of. */
  readonly [fact: string]: unknown;
}

/**
 * WeChat Pay failed us, or somebody pretends to be it. Its message may be shown to anybody; its fields and advice are for
 * operators and logs. Neither holds a key, a signature or an openid.
 */
export class WechatPayError extends CodedError {
  declare readonly code: PayFailureCode;
  readonly kind: PayFailureKind;
  readonly path: string;
  /** The status that WeChat Pay answered with, or null when there was no answer. */
  readonly httpStatus: number | null;
  /** WeChat Pay's own code, such as `OUT_TRADE_NO_USED`, or null when it gave none. */
  readonly wechatCode: string | null;
  /** WeChat Pay's own words, redacted; empty when it said nothing. */
  readonly said: string;
  /** By this WeChat Pay's support finds the call. */
  readonly requestId: string | null;
  /** An operator must act or know. */
  readonly alert: boolean;
  /** Whether the very same call could have been sent again. */
  readonly retry: PayFailureRow['retry'];
  readonly #advice: Text;

  constructor(row: PayFailureRow, facts: PayFailureFacts, faults: readonly ErrorFault[] = []) {
    super(row.code, payFailureCodes[row.code], {
      data: { ...facts },
      details: faults,
      ...(row.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: row.retryAfterSeconds }),
    });
    this.name = 'WechatPayError';
    this.kind = payFailureCodes[row.code].kind;
    this.path = facts.path;
    this.httpStatus = facts.httpStatus ?? null;
    this.wechatCode = facts.wechatCode ?? null;
    this.said = facts.said ?? '';
    this.requestId = facts.requestId ?? null;
    this.alert = row.alert;
    this.retry = row.retry;
    this.#advice = row.advice;
  }

  /** What to do about it, in the reader's language, with what the number in the Request-ID tells. */
  adviceIn(language: Language): string {
    const advice = say(this.#advice, language, this.data);
    const fault = faultOf(this.requestId);
    return fault === undefined ? advice : `${advice} (Request-ID: ${say(fault, language)})`;
  }
}

/** The error for an answer in which WeChat Pay refuses. */
export function payRefusal(path: string, refusal: PayRefusalAnswer): WechatPayError {
  return new WechatPayError(classifyRefusal(path, refusal), { ...refusal, path });
}

/** The error for a failure that WeChat Pay has no code for. */
export function payFailure(
  code: PayTransportFailure,
  path: string,
  facts: Readonly<Record<string, unknown>> = {},
): WechatPayError {
  return new WechatPayError(payTransportRows[code], { ...facts, path });
}

/** The error for a call that was not sent because what it says cannot be right. */
export function payCallRefused(path: string, faults: readonly ErrorFault[]): WechatPayError {
  return new WechatPayError(payTransportRows.WECHAT_PAY_CALL_INVALID, { path }, faults);
}

import { CodedError, type ErrorFault, type Language, say, type Text } from '@maque/kit';
import { classify } from './classify.ts';
import { type FailureCode, type FailureKind, failureCodes } from './failure-codes.ts';
import type { FailureRow } from './failure-row.ts';
import { readErrmsg } from './read-errmsg.ts';
import { type TransportFailure, transportRows } from './transport-rows.ts';

/** What is known of a failed call. None of it is secret. */
interface FailureFacts {
  /** The path called, without its query. */
  readonly path: string;
  readonly errcode?: number;
  readonly errmsg?: string;
  readonly rid?: string | null;
  readonly seenIp?: string | null;
  /** Whatever else the advice speaks of. */
  readonly [fact: string]: unknown;
}

/**
 * A call to WeChat that failed. Its message may be shown to anybody; its fields and advice are for operators and logs.
 * Neither holds a token, a secret, a code, a session key or a phone number.
 */
export class WechatError extends CodedError {
  declare readonly code: FailureCode;
  readonly kind: FailureKind;
  readonly path: string;
  /** WeChat's number, or null when the call failed before or without one. */
  readonly errcode: number | null;
  /** WeChat's own words, redacted; empty when it said nothing. */
  readonly errmsg: string;
  /** WeChat's request id. */
  readonly rid: string | null;
  /** With 40164, the address that WeChat sees this server come from. */
  readonly seenIp: string | null;
  /** An operator must act or know. */
  readonly alert: boolean;
  /** Whether the same call could have been sent again, or with another token. */
  readonly retry: FailureRow['retry'];
  /** Every call of this path would fail alike for `retryAfterSeconds`. */
  readonly holdsPath: boolean;
  readonly #advice: Text;

  constructor(row: FailureRow, facts: FailureFacts, faults: readonly ErrorFault[] = []) {
    super(row.code, failureCodes[row.code], {
      data: { ...facts },
      details: faults,
      ...(row.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: row.retryAfterSeconds }),
    });
    this.name = 'WechatError';
    this.kind = failureCodes[row.code].kind;
    this.path = facts.path;
    this.errcode = facts.errcode ?? null;
    this.errmsg = facts.errmsg ?? '';
    this.rid = facts.rid ?? null;
    this.seenIp = facts.seenIp ?? null;
    this.alert = row.alert;
    this.retry = row.retry;
    this.holdsPath = row.holdsPath ?? false;
    this.#advice = row.advice;
  }

  /** What to do about it, in the reader's language. */
  adviceIn(language: Language): string {
    return say(this.#advice, language, this.data);
  }
}

/** The error for an answer with a non-zero errcode; `secrets` are blotted out of what WeChat echoes. */
export function refusalError(
  path: string,
  answer: { readonly errcode: number; readonly errmsg?: unknown },
  secrets: readonly string[],
): WechatError {
  const { errmsg, rid, seenIp } = readErrmsg(answer.errmsg, secrets);
  return new WechatError(classify(answer.errcode, path), {
    path,
    errcode: answer.errcode,
    errmsg,
    rid,
    ...(seenIp === null ? {} : { seenIp }),
  });
}

/** The error for a call that brought no usable answer. */
export function transportError(
  code: TransportFailure,
  path: string,
  facts: Readonly<Record<string, unknown>>,
): WechatError {
  return new WechatError(transportRows[code], { ...facts, path });
}

/** The error for a call whose arguments WeChat would refuse: each fault is a detail. It was not sent. */
export function argumentError(path: string, faults: readonly ErrorFault[]): WechatError {
  return new WechatError(transportRows.WECHAT_CALL_INVALID, { path }, faults);
}

/** The error for data that a client cannot have from WeChat. */
export function openDataError(faults: readonly ErrorFault[]): WechatError {
  return new WechatError(transportRows.WECHAT_DATA_INVALID, { path: 'open data' }, faults);
}

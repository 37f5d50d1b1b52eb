import { SECOND } from '@maque/kit';
import { payFailure, payRefusal, type WechatPayError } from '../errors/wechat-pay-error.ts';
import type { Disbelief } from '../signature/verify.ts';
import type { PayAnswer, PayRequest } from './pay-request.ts';
import { readObject, readRefusal } from './read-refusal.ts';

/** The fields of a success; none when it has no body. */
export type PayFields = Readonly<Record<string, unknown>>;

/** Whether an answer can be proved to be WeChat Pay's. */
export type Believe = (answer: PayAnswer) => Promise<Disbelief | undefined>;

export function toAnswer(response: Response, body: Buffer): PayAnswer {
  return {
    httpStatus: response.status,
    header: (name) => response.headers.get(name) ?? undefined,
    body,
    requestId: response.headers.get('request-id')?.slice(0, 128) ?? null,
  };
}

/** What a success says. @throws WechatPayError when it is none, or not proved to be WeChat Pay's. */
export async function readFields(
  { api, secrets = [] }: PayRequest,
  answer: PayAnswer,
  believe: Believe,
  nowMs: number,
): Promise<PayFields> {
  const { httpStatus, requestId } = answer;
  const succeeded = httpStatus >= 200 && httpStatus < 300;
  // Gateways in front of WeChat Pay refuse without a signature, and it does not sign for callers whom it does not know.
  if (succeeded || answer.header('wechatpay-signature') !== undefined) {
    const disbelief = await believe(answer);
    if (disbelief !== undefined) throw disbelieved(disbelief, api.path, answer, nowMs);
  }
  if (!succeeded) throw refusalIn(answer, api.path, secrets);
  if (answer.body.length === 0) return {};
  const fields = readObject(answer.body);
  if (fields !== undefined) return fields;
  throw payFailure('WECHAT_PAY_ANSWER_UNREADABLE', api.path, {
    httpStatus,
    requestId,
    found: 'no JSON object',
  });
}

/** The error that an answer stands for which is no success. */
export function refusalIn(answer: PayAnswer, path: string, secrets: readonly string[]): WechatPayError {
  const refusal = readRefusal(answer, secrets);
  if (refusal !== undefined) return payRefusal(path, refusal);
  const { httpStatus, requestId } = answer;
  return payFailure('WECHAT_PAY_ANSWER_UNREADABLE', path, {
    httpStatus,
    requestId,
    found: 'no JSON with a code',
  });
}

function disbelieved(disbelief: Disbelief, path: string, answer: PayAnswer, nowMs: number): WechatPayError {
  const { httpStatus, requestId } = answer;
  // An answer is as young as its connection: when its time is off, one of the two clocks is wrong.
  if (disbelief.reason === 'stale') {
    const theirs = Number(answer.header('wechatpay-timestamp'));
    const skewSeconds = Math.round(nowMs / SECOND - theirs);
    return payFailure('WECHAT_PAY_CLOCK_WRONG', path, { httpStatus, requestId, skewSeconds });
  }
  const { reason, text } = disbelief;
  return payFailure('WECHAT_PAY_ANSWER_FORGED', path, {
    httpStatus,
    requestId,
    disbelief: reason,
    reason: text,
  });
}

import { redact } from '../../errors/read-errmsg.ts';
import type { PayRefusalAnswer } from '../errors/pay-refusal-rows.ts';
import type { PayAnswer } from './pay-request.ts';

// A message is a sentence; this keeps a broken one from filling the log.
const MAX_SAID_LENGTH = 300;

/** The fields of a JSON object; undefined when the bytes are none. */
export function readObject(body: Uint8Array | string): Readonly<Record<string, unknown>> | undefined {
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Reads `{"code","message","detail"}`; undefined when the answer is somebody else's, such as a gateway's page. */
export function readRefusal(answer: PayAnswer, secrets: readonly string[]): PayRefusalAnswer | undefined {
  const { code, message, detail } = readObject(answer.body) ?? {};
  if (typeof code !== 'string' || !/^\w{1,64}$/.test(code)) return undefined;
  // Of the detail only the names: its `value` is what was sent, such as an openid.
  const { field, issue } = (detail ?? {}) as Record<string, unknown>;
  const said = [message, field, issue].filter((part) => typeof part === 'string' && part !== '').join('; ');
  return {
    httpStatus: answer.httpStatus,
    wechatCode: code,
    said: redact(said, secrets).slice(0, MAX_SAID_LENGTH),
    requestId: answer.requestId,
  };
}

import { transportError } from '../errors/wechat-error.ts';
import type { JsonAnswer } from './read-answer.ts';

/** A field that a successful answer must carry. @throws WechatError `WECHAT_ANSWER_UNREADABLE` when it is no text. */
export function textField(path: string, answer: JsonAnswer, field: string): string {
  const value = answer[field];
  if (typeof value === 'string' && value !== '') return value;
  throw unreadable(path, `JSON without ${field}`);
}

/** The error for a success that lacks what makes it one. */
export function unreadable(path: string, found: string): Error {
  return transportError('WECHAT_ANSWER_UNREADABLE', path, { httpStatus: 200, found });
}

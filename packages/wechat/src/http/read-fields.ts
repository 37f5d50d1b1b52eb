import { transportError, type WechatError } from '../errors/wechat-error.ts';
import type { JsonAnswer } from './read-answer.ts';

/** A field that a successful answer must carry. @throws WechatError `WECHAT_ANSWER_UNREADABLE` when it is no text. */
export function textField(path: string, answer: JsonAnswer, field: string): string {
  const value = answer[field];
  if (typeof value === 'string' && value !== '') return value;
  throw unreadable(path, `JSON without ${field}`);
}

/** A number that must be there; text of digits counts. @throws WechatError `WECHAT_ANSWER_UNREADABLE` */
export function numberField(path: string, answer: JsonAnswer, field: string): number {
  const value = toNumber(answer[field]);
  if (value === null) throw unreadable(path, `JSON without ${field}`);
  return value;
}

/** A list of objects that must be there; what else is in it is left out. @throws WechatError `WECHAT_ANSWER_UNREADABLE` */
export function listField(path: string, answer: JsonAnswer, field: string): JsonAnswer[] {
  const value = answer[field];
  if (Array.isArray(value)) return toRecords(value);
  throw unreadable(path, `JSON without ${field}`);
}

/** The error for a success that lacks what makes it one. */
export function unreadable(path: string, found: string): WechatError {
  return transportError('WECHAT_ANSWER_UNREADABLE', path, { httpStatus: 200, found });
}

/** An object as it is, anything else as one without fields. */
export function toRecord(value: unknown): JsonAnswer {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonAnswer) : {};
}

/** The objects of a list; anything else is an empty one. */
export function toRecords(value: unknown): JsonAnswer[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];
}

/** Text as it is, numbers as text, anything else as the empty text. */
export function toText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** A number, or text that is one: WeChat writes them both ways. Null for anything else. */
export function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || !/^-?\d+(\.\d+)?$/.test(value)) return null;
  return Number(value);
}

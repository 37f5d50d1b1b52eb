import type { ErrorFault } from '@maque/kit';
import type { SubscribeTemplate } from './templates.ts';
import { checkValue, fitValue } from './value-rules.ts';

/** By a template's keys: `{ thing1: 'Tea', time3: '2026-11-20 15:01' }`. */
export type MessageData = Readonly<Record<string, string | number>>;

// WeChat's templates have 5 keys at most; some older ones more.
const MAX_KEYS = 20;

/** The data as WeChat gets them: numbers as text, the texts of `thing` keys cut to 20 characters. */
export function fitMessageData(data: MessageData): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, fitValue(key, String(value))]));
}

/**
 * What WeChat would refuse of a message's data (47003), by the rules of each key's kind, and with the template also keys
 * that are missing, unknown, or not one of its values. Empty when all is right. A fault's path is its key.
 */
export function checkMessageData(
  data: Readonly<Record<string, string>>,
  template?: SubscribeTemplate,
): ErrorFault[] {
  const entries = Object.entries(data);
  if (entries.length === 0 || entries.length > MAX_KEYS) {
    return [
      { path: 'data', issue: { en: `needs 1 to ${MAX_KEYS} keys`, zh: `需要 1 到 ${MAX_KEYS} 个字段` } },
    ];
  }
  const known = template === undefined ? undefined : new Map(template.keys.map((key) => [key.key, key]));
  const faults: ErrorFault[] = [];
  for (const [key, value] of entries) {
    const issue =
      known !== undefined && !known.has(key) ? UNKNOWN : checkValue(key, value, known?.get(key)?.values);
    if (issue !== null) faults.push({ path: key, issue });
  }
  for (const key of known?.keys() ?? []) {
    if (!Object.hasOwn(data, key)) faults.push({ path: key, issue: MISSING });
  }
  return faults;
}

const UNKNOWN = { en: 'is no key of the template', zh: '不是模板中的字段' };
const MISSING = { en: 'is missing', zh: '缺失' };

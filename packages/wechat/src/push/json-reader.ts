import { malformed } from './push-errors.ts';
import type { PushFields, PushValue } from './push-message.ts';

// WeChat's messages are three deep: the message, its List, an entry of it.
const MAX_DEPTH = 6;

// The longest lists name each template of a mini-program (50 at most) with four fields.
const MAX_VALUES = 1_000;

/**
 * Reads the JSON that WeChat pushes. Numbers that a double cannot hold, as a MsgId of 64 bits, are left as text.
 * @throws CodedError `WECHAT_PUSH_MALFORMED`
 */
export function readJson(text: string): PushFields {
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed('JSON that is no object');
  }
  assertBounded(value, { left: MAX_VALUES }, 1);
  return value as PushFields;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text, exactly);
  } catch {
    // Broken, or so deep that V8 gives up on it.
    throw malformed('broken JSON');
  }
}

function exactly(_name: string, value: unknown, context?: { readonly source: string }): unknown {
  const inexact = typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER;
  return inexact && context !== undefined ? context.source : value;
}

function assertBounded(value: unknown, budget: { left: number }, depth: number): asserts value is PushValue {
  budget.left -= 1;
  if (budget.left < 0 || depth > MAX_DEPTH) throw malformed('too many JSON values');
  if (typeof value !== 'object' || value === null) return;
  for (const inner of Object.values(value)) assertBounded(inner, budget, depth + 1);
}

const HIDDEN = '***';
// Bounds of what one log call may write, so that logging a large object costs a bounded line.
const MAX_DEPTH = 6;
const MAX_ENTRIES = 64;
const MAX_TEXT = 4_096;

// Keys are compared in small letters without `_` and `-`, so that session_key and sessionKey are one.
const SECRET_KEY =
  /authorization|cookie|password|secret|token|sessionkey|privatekey|phone|mobile|openid|unionid|encrypteddata|totp|recoverycode/;
const SECRET_EXACTLY = new Set(['code', 'jscode', 'link', 'iv']);
/** An error's `code` is the most useful word of a log line; a login code never looks like this. */
const ERROR_CODE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;

const TEXT_RULES: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // Values of a query string, whatever their names.
  [/([?&][\w.[\]-]+=)[^&\s"'#]*/g, `$1${HIDDEN}`],
  [/\b(Bearer\s+)[\w.~+/-]+=*/gi, `$1${HIDDEN}`],
  // A signed token outside of a header: base64url of `{"` is `eyJ`.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, HIDDEN],
  // An API key.
  [/\bmq_[0-9a-z]{20}_[\w-]+/g, HIDDEN],
  // A mobile number of mainland China, when it is not part of a longer number.
  [/(?<!\d)1[3-9]\d{9}(?!\d)/g, HIDDEN],
];

/** Takes out of a text what must not be logged: query values, tokens, phone numbers. */
export function redactText(text: string): string {
  const cut = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return TEXT_RULES.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), cut);
}

/**
 * A copy of any value as it may be logged: secrets by the name of their key or by their look are replaced, depth,
 * entries and texts are bounded, errors become plain objects. Never throws.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? '[function]' : value;
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((item) => redact(item, depth + 1));
  return redactEntries(value, depth);
}

function redactEntries(object: object, depth: number): Record<string, unknown> {
  const keys = Object.keys(object).slice(0, MAX_ENTRIES);
  // Not by assignment: a body may have a key `__proto__`, which would become the copy's prototype.
  return Object.fromEntries(
    keys.map((key) => {
      const value = readProperty(object, key);
      return [key, isSecret(key, value) ? HIDDEN : redact(value, depth + 1)];
    }),
  );
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const cause = readProperty(error, 'cause');
  return {
    ...redactEntries(error, depth),
    type: textIn(error, 'name'),
    message: redactText(textIn(error, 'message')),
    stack: redactText(textIn(error, 'stack')),
    ...(cause === undefined ? {} : { cause: redact(cause, depth + 1) }),
  };
}

function textIn(error: Error, key: string): string {
  const text = readProperty(error, key);
  return typeof text === 'string' ? text : '';
}

function readProperty(object: object, key: string): unknown {
  try {
    return (object as Record<string, unknown>)[key];
  } catch {
    return '[unreadable]';
  }
}

function isSecret(key: string, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'boolean') return false;
  const name = key.toLowerCase().replaceAll(/[_-]/g, '');
  if (name === 'code') return typeof value === 'string' && !ERROR_CODE.test(value);
  return SECRET_EXACTLY.has(name) || SECRET_KEY.test(name);
}

import { malformed } from './push-errors.ts';

/** The query of a request, as any server parses it. */
export type PushQuery = Readonly<Record<string, unknown>>;

/** A parameter that must be there, once, in the form that WeChat gives it. @throws CodedError `WECHAT_PUSH_MALFORMED` */
export function parameter(query: PushQuery, name: keyof typeof FORMS): string {
  const value = query[name];
  if (typeof value === 'string' && FORMS[name].test(value)) return value;
  throw malformed(`no ${name}`);
}

// All parts of a signature are bounded to where they cannot flow into each other: it covers them without separators.
const FORMS = {
  signature: /^[0-9a-f]{40}$/i,
  msg_signature: /^[0-9a-f]{40}$/i,
  // Seconds, until the year 2286.
  timestamp: /^\d{10}$/,
  nonce: /^[\w-]{1,64}$/,
  echostr: /^[\x21-\x7e]{1,256}$/,
} as const;

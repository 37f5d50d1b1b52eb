// An errmsg is a short sentence; this keeps a broken one from filling the log.
const MAX_ERRMSG_LENGTH = 300;

/** What an errmsg carries besides its sentence, which nothing may be decided on. */
interface ErrmsgFacts {
  /** The sentence, bounded, with every known secret blotted out. */
  readonly errmsg: string;
  /** WeChat's request id, which `rid/get` explains for 7 days. */
  readonly rid: string | null;
  /** The address WeChat saw this server come from, told with errcode 40164. */
  readonly seenIp: string | null;
}

/** Reads an errmsg such as `invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist rid: 65a1-…`. */
export function readErrmsg(errmsg: unknown, secrets: readonly string[]): ErrmsgFacts {
  const text = typeof errmsg === 'string' ? errmsg : '';
  return {
    errmsg: redact(text, secrets).slice(0, MAX_ERRMSG_LENGTH),
    rid: /\brid:\s*([0-9a-z]+(?:-[0-9a-z]+)*)/i.exec(text.slice(-100))?.[1] ?? null,
    seenIp: /\binvalid ip ([0-9a-f.:]+)/i.exec(text)?.[1] ?? null,
  };
}

/** Replaces each secret, as it is and as it stands in a query string, with `***`. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret === '') continue;
    // An address may hold half of a character, for which encodeURIComponent throws.
    clean = clean.replaceAll(secret, '***').replaceAll(encodeURIComponent(secret.toWellFormed()), '***');
  }
  return clean;
}

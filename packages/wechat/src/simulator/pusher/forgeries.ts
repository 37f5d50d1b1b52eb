/** Ways in which a push can be none of WeChat's, or come when it should not. A server must act on none of them. */
export const FORGERIES = [
  /** Signed with another token. */
  'signature',
  /** One character of the body is another than what was signed. Only where it is encrypted: plain bodies are not signed. */
  'body',
  /** Right in all, but 6 minutes old. */
  'old',
  /** Encrypted for another account. */
  'app-id',
  /** Encrypted with another key. */
  'key',
  /** Not encrypted, though the mode says so. */
  'plain',
  /** Delivered rightly, then once more to the byte. */
  'replay',
] as const;

export type Forgery = (typeof FORGERIES)[number];

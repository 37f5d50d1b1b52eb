/** A request as far as signatures care. */
export interface SignableRequest {
  readonly method: string;
  /** From the slash on, not percent-encoded. */
  readonly path: string;
  /** Not percent-encoded; the empty string is a name without a value. */
  readonly query: Readonly<Record<string, string>>;
  /** Those that take part, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Pairs in the order of their names, by code unit. */
export function sortedPairs(pairs: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

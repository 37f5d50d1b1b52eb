/** One field to order by. */
export interface SortTerm {
  readonly field: string;
  readonly descending: boolean;
}

/** The keys of an order, as {@link sortTermsOf} takes them. */
export function keysOf(terms: readonly SortTerm[]): readonly string[] {
  return terms.map(({ field, descending }) => (descending ? `-${field}` : field));
}

/**
 * What keys such as `-createdAt` order by. The id always ends it, in the direction of the last key, so that the order
 * is total and a cursor names exactly one place in it.
 */
export function sortTermsOf(keys: readonly string[]): readonly SortTerm[] {
  const terms: SortTerm[] = [];
  for (const key of keys) {
    const descending = key.startsWith('-');
    const field = descending ? key.slice(1) : key;
    terms.push({ field, descending });
    // Nothing after the id can change the order any more.
    if (field === 'id') return terms;
  }
  return [...terms, { field: 'id', descending: terms.at(-1)?.descending ?? false }];
}

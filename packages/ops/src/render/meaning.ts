import type { Text } from '@maque/kit';

/** What a rendered number is for; the reference has a part for each. */
export interface Meaning {
  /** For ever: `nginx.worker_connections`. */
  readonly id: string;
  /** In one clause, for the comment in the file. */
  readonly short: Text;
  /** For a beginner: what it is, what happens when it is too small, and when too large. */
  readonly explanation: Text;
  /** Where the number or its formula comes from. */
  readonly source: Text;
}

export type MeaningTable = Readonly<Record<string, Meaning>>;

/** Names each row by its target and key. */
export function defineMeanings<Key extends string>(
  target: string,
  rows: Readonly<Record<Key, Omit<Meaning, 'id'>>>,
): Readonly<Record<Key, Meaning>> {
  const named = Object.entries<Omit<Meaning, 'id'>>(rows).map(([key, row]) => [
    key,
    { id: `${target}.${key}`, ...row },
  ]);
  return Object.fromEntries(named) as Record<Key, Meaning>;
}

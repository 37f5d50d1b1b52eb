/** What processes and boxes that share one AppID keep in common. Flat, so that any store can hold it. */
export interface StoredToken {
  /** Grows by one with every write; what `write` compares. */
  readonly version: number;
  /** Grows by one with every token fetched, so that everybody can tell a newer token from their own. */
  readonly generation: number;
  /** What the token is good for; a record of another account, server or kind of token is no use. */
  readonly issuedFor: string;
  /** The access token, a secret of up to 512 characters and more; empty before the first one. */
  readonly token: string;
  /** Wall-clock time of its end, in ms since the epoch. */
  readonly expiresAtMs: number;
  /** Until when somebody is fetching the next one, in ms since the epoch; 0 when nobody is. */
  readonly claimedUntilMs: number;
}

/** Where the access token is shared: a row of a database, a key of Redis. */
export interface TokenStore {
  /** The record, or null before the first write. */
  read(): Promise<StoredToken | null>;
  /**
   * Replaces the record only if its version is still `expectedVersion` (0: only if there is none); answers whether
   * it did. Must be atomic among all that share the store.
   */
  write(record: StoredToken, expectedVersion: number): Promise<boolean>;
}

/** A store for one process, or for several clients in it. */
export function createMemoryTokenStore(): TokenStore {
  let current: StoredToken | null = null;
  return {
    read: async () => current,
    async write(record, expectedVersion) {
      if ((current?.version ?? 0) !== expectedVersion) return false;
      current = record;
      return true;
    },
  };
}

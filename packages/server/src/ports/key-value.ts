import type { Bytes, Milliseconds } from '@maque/kit';

/** Bytes are kept as they are and must not be changed after `set`. */
export type KeyValueEntry = string | Uint8Array;

export interface KeyValueStats {
  readonly entries: number;
  readonly bytes: Bytes;
  readonly maxBytes: Bytes;
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
}

/** A bounded store of values that may be forgotten at any time: a cache, never the only copy of anything. */
export interface KeyValue {
  get(key: string): Promise<KeyValueEntry | undefined>;
  /** Keeps a value for `ttlMs` at most; a value too large for the store is not kept, silently. */
  set(key: string, value: KeyValueEntry, ttlMs: Milliseconds): Promise<void>;
  delete(key: string): Promise<void>;
  /** Drops every key that starts with `prefix`. Walks all keys: for rare events, not for requests. */
  deleteByPrefix(prefix: string): Promise<void>;
  stats(): KeyValueStats;
}

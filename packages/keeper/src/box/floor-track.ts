import { type Bytes, type Milliseconds, SECOND } from '@maque/kit';

// What sinks back within ten seconds is garbage that V8 or the allocator had not yet come to.
const BUCKET_MS: Milliseconds = 10 * SECOND;
// Two rises in a row: a cache that fills once has flattened by then, a leak has not.
const BUCKETS = 3;
const MAX_GAP_MS: Milliseconds = 5 * SECOND;

/** The least size of each ten seconds: where a size that swings really goes. */
export class FloorTrack {
  #floors: readonly Bytes[] = [];
  #bucket: { readonly sinceMs: Milliseconds; readonly least: Bytes } | null = null;
  #lastMs: Milliseconds = Number.NEGATIVE_INFINITY;

  /** What is no number is left out; a clock that jumped begins anew. */
  add(atMs: Milliseconds, bytes: Bytes): void {
    if (!Number.isFinite(bytes) || !Number.isFinite(atMs)) return;
    if (atMs < this.#lastMs || atMs - this.#lastMs > MAX_GAP_MS) {
      this.#floors = [];
      this.#bucket = null;
    }
    this.#lastMs = atMs;
    const bucket = this.#bucket ?? { sinceMs: atMs, least: bytes };
    if (atMs - bucket.sinceMs < BUCKET_MS) {
      this.#bucket = { ...bucket, least: Math.min(bucket.least, bytes) };
      return;
    }
    this.#floors = [...this.#floors, bucket.least].slice(-BUCKETS);
    this.#bucket = { sinceMs: atMs, least: bytes };
  }

  /** The newest floor and how much it rose over the last half minute; null until then, or while it does not rise. */
  rising(): { readonly bytes: Bytes; readonly risenBytes: Bytes } | null {
    const [first, ...later] = this.#floors;
    const last = later.at(-1);
    if (first === undefined || last === undefined || later.length < BUCKETS - 1) return null;
    const rises = later.every((floor, index) => floor > (this.#floors[index] ?? floor));
    return rises ? { bytes: last, risenBytes: last - first } : null;
  }
}

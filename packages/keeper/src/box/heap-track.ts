import type { WorkerStatus } from '@maque/guard';
import { type Bytes, type Milliseconds, SECOND } from '@maque/kit';
import { looseObject, numberOrNull } from '../status/loose-values.ts';

/** What lives in a V8 heap beside the limit at which V8 aborts the process. */
export interface HeapOutlook {
  readonly floorBytes: Bytes;
  readonly limitBytes: Bytes;
  /** When the floor reaches the limit at the pace of the last collections; null while it does not rise. */
  readonly limitInMs: Milliseconds | null;
}

interface Floor {
  readonly atMs: Milliseconds;
  readonly bytes: Bytes;
}

const FLOORS = 3;
// From here on a heap that fills by 10 MB a second has some seconds left.
const FILLING_SHARE = 0.5;
// Near its limit V8 collects every second or more often; an old floor says nothing of now.
const TRUST_MS: Milliseconds = 15 * SECOND;

/** Whether a heartbeat says that more than half of the heap is in use for good: such news does not wait for the next look. */
export function isHeapFilling(status: unknown): boolean {
  const { heapFloor, heapLimit } = looseObject<WorkerStatus['memory']>(
    looseObject<WorkerStatus>(status).memory,
  );
  const [floor, limit] = [numberOrNull(heapFloor), numberOrNull(heapLimit)];
  return floor !== null && limit !== null && floor >= FILLING_SHARE * limit;
}

/** The floors of one worker's heap, from its heartbeats. */
export class HeapTrack {
  #floors: readonly Floor[] = [];
  #limitBytes: Bytes | null = null;
  #uptimeMs: Milliseconds = 0;
  #garbageBytes: Bytes = 0;

  /** @param status a heartbeat as it came: what is not a number in it counts as not told. */
  hear(status: unknown): void {
    const { memory } = looseObject<WorkerStatus>(status);
    const sample = looseObject<WorkerStatus['memory']>(memory);
    const bytes = numberOrNull(sample.heapFloor);
    const atMs = numberOrNull(sample.heapFloorAtMs);
    this.#limitBytes = numberOrNull(sample.heapLimit);
    this.#uptimeMs = numberOrNull(sample.uptimeMs) ?? 0;
    if (bytes === null || atMs === null) return;
    this.#garbageBytes = Math.max(0, (numberOrNull(sample.heapTotal) ?? 0) - bytes);
    if (atMs <= (this.#floors.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY)) return;
    this.#floors = [...this.#floors, { atMs, bytes }].slice(-FLOORS);
  }

  /** What V8 holds beyond what lived after its last collection; it comes back when V8 needs it. */
  get garbageBytes(): Bytes {
    return this.#garbageBytes;
  }

  /** Null while nothing is told that is fresh enough. */
  outlook(): HeapOutlook | null {
    const last = this.#floors.at(-1);
    const limitBytes = this.#limitBytes;
    if (last === undefined || limitBytes === null || limitBytes <= 0) return null;
    if (this.#uptimeMs - last.atMs > TRUST_MS) return null;
    return { floorBytes: last.bytes, limitBytes, limitInMs: this.#limitInMs(last, limitBytes) };
  }

  #limitInMs(last: Floor, limitBytes: Bytes): Milliseconds | null {
    const first = this.#floors[0];
    if (first === undefined || this.#floors.length < FLOORS) return null;
    const rises = this.#floors.every(({ bytes }, index) => bytes > (this.#floors[index - 1]?.bytes ?? -1));
    if (!rises) return null;
    const perMs = (last.bytes - first.bytes) / (last.atMs - first.atMs);
    return Math.max(0, limitBytes - last.bytes) / perMs;
  }
}

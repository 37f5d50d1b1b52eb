import { Script } from 'node:vm';
import type { Bytes, Milliseconds } from '@maque/kit';
import type { OwnHeap } from '../own-heap.ts';
import type { LiveSample } from './heap-profiler.ts';
import { GUARD_FRAME_URL, oncePerStack, type StackFrame } from './stack-frame.ts';

// Marks are told apart by how deep the function that makes them has called itself; eight in a row would have to be
// missed (one in seven is) for two to be taken for each other.
const KINDS = 8;
const MARK_URL = `${GUARD_FRAME_URL}mark`;
const MARK_CODE = `(function mark(depth, elements) {
  return depth === 0 ? new Array(elements).fill(0) : mark(depth - 1, elements);
})`;

// All marks together. Twice the interval each is noted with a probability of 1 - e^-2 = 0.86.
const MAX_TOTAL: Bytes = 4 * 1024 * 1024;
const BYTES_PER_ELEMENT = 8;

/**
 * V8 numbers its samples but does not say when they were taken. So every second or so one object is allocated that is
 * large enough to be sampled, and kept: the samples around it were taken around then.
 */
export class TimeMarks {
  #kept: {
    readonly atMs: Milliseconds;
    readonly kind: number;
    readonly weight: readonly number[];
  }[] = [];
  readonly #own: OwnHeap;
  readonly #make = new Script(MARK_CODE, { filename: MARK_URL }).runInThisContext() as MakeMark;
  readonly #elements: number;
  readonly #max: number;

  /**
   * @param interval that of the profile.
   * @param own where it is written down how much is kept.
   */
  constructor(interval: Bytes, own: OwnHeap) {
    this.#own = own;
    const size = Math.max(1024, 2 * interval);
    this.#elements = Math.ceil(size / BYTES_PER_ELEMENT);
    this.#max = Math.max(KINDS, Math.floor(MAX_TOTAL / size));
  }

  /** How many marks there may be; further ones are not made. */
  get capacity(): number {
    return this.#max;
  }

  get byteLength(): Bytes {
    return this.#kept.length * this.#elements * BYTES_PER_ELEMENT;
  }

  /** Lets go of all marks: times are not told any more. */
  drop(): void {
    this.#own.letGo(this.byteLength);
    this.#kept = [];
  }

  add(atMs: Milliseconds): void {
    if (this.#kept.length >= this.#max) return;
    const kind = this.#kept.length % KINDS;
    this.#kept.push({ atMs, kind, weight: this.#make(kind, this.#elements) });
    this.#own.keep(this.#elements * BYTES_PER_ELEMENT);
  }

  /**
   * A function from a sample's ordinal to the time of its allocation, straight between marks. Null when fewer than two
   * marks were sampled.
   */
  clockOf(samples: readonly LiveSample[]): ((ordinal: number) => Milliseconds) | null {
    const anchors = this.#anchors(samples);
    if (anchors.length < 2) return null;
    return (ordinal) => interpolate(anchors, ordinal);
  }

  #anchors(samples: readonly LiveSample[]): Anchor[] {
    const kindOf = oncePerStack(markKind);
    const found = samples
      .map((sample) => ({ ordinal: sample.ordinal, kind: kindOf(sample.stack) }))
      .filter(({ kind }) => kind !== null)
      .sort((a, b) => a.ordinal - b.ordinal);
    const anchors: Anchor[] = [];
    let next = 0;
    let last: number | null = null;
    for (const { ordinal, kind } of found) {
      // A mark is an array and its elements, and now and then both are sampled.
      if (kind === last) continue;
      last = kind;
      const index = this.#kept.findIndex((mark, at) => at >= next && mark.kind === kind);
      const mark = this.#kept[index];
      if (mark === undefined) break;
      next = index + 1;
      anchors.push({ ordinal, atMs: mark.atMs });
    }
    return anchors;
  }
}

type MakeMark = (depth: number, elements: number) => readonly number[];

interface Anchor {
  readonly ordinal: number;
  readonly atMs: Milliseconds;
}

/** Whether a stack is that of one of the guard's own marks, and which kind. */
export function markKind(stack: readonly StackFrame[]): number | null {
  const depth = stack.filter((frame) => frame.url === MARK_URL).length;
  return depth === 0 ? null : depth - 1;
}

function interpolate(anchors: readonly Anchor[], ordinal: number): Milliseconds {
  const index = Math.min(firstFrom(anchors, ordinal), anchors.length - 1);
  const after = anchors[Math.max(1, index)] as Anchor;
  const before = anchors[Math.max(1, index) - 1] as Anchor;
  const slope = (after.atMs - before.atMs) / (after.ordinal - before.ordinal);
  return before.atMs + (ordinal - before.ordinal) * slope;
}

/** The index of the first anchor that is not before `ordinal`, by halving; their number if all are. */
function firstFrom(anchors: readonly Anchor[], ordinal: number): number {
  let low = 0;
  let high = anchors.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((anchors[middle] as Anchor).ordinal < ordinal) low = middle + 1;
    else high = middle;
  }
  return low;
}

import type { Bytes, Milliseconds } from '@maque/kit';

// As fine as memory moves by single requests' doing and as coarse as reading it (10 µs) is worth. Three minutes are 180.
const STEP_MS: Milliseconds = 1_000;
const MAX_STEPS = 200;

/** By how much memory outside the heap has grown within a step; less than nothing when some was freed. */
export interface OutsideStep {
  readonly fromMs: Milliseconds;
  readonly untilMs: Milliseconds;
  readonly bytes: Bytes;
}

/** Follows memory outside the heap: buffers, what native code keeps, handles. It has no stacks, but it has a pace. */
export class OutsideMemory {
  readonly #steps: OutsideStep[] = [];
  #last: { readonly atMs: Milliseconds; readonly bytes: Bytes } | null = null;

  add(atMs: Milliseconds): void {
    if (this.#last !== null && atMs - this.#last.atMs < STEP_MS) return;
    const { rss, heapTotal, external } = process.memoryUsage();
    // A buffer counts at once as external, and as resident when it is written; what native code keeps as resident only.
    const now = { atMs, bytes: Math.max(external, rss - heapTotal) };
    if (this.#last !== null && this.#steps.length < MAX_STEPS) {
      this.#steps.push({ fromMs: this.#last.atMs, untilMs: atMs, bytes: now.bytes - this.#last.bytes });
    }
    this.#last = now;
  }

  get steps(): readonly OutsideStep[] {
    return this.#steps;
  }
}

// Fewer steps follow any route by chance.
const LEAST_STEPS = 12;

/**
 * How well requests explain in which steps memory grew, as a logarithm of odds: `-n/2 · ln(1 - r²)`, the gain of a straight
 * line over a constant, less a parameter's price (BIC). By ranks (Spearman), since a large step may be a large upload.
 * @param growth bytes of each step; those below nothing tell of a collection and are left out.
 * @param requests of one route in the same steps.
 */
export function outsideEvidence(growth: readonly Bytes[], requests: readonly number[]): number {
  const grown = growth.flatMap((bytes, step) => (bytes < 0 ? [] : [[bytes, requests[step] ?? 0] as const]));
  if (grown.length < LEAST_STEPS) return 0;
  const r = correlation(ranks(grown.map(([bytes]) => bytes)), ranks(grown.map(([, count]) => count)));
  if (!(r > 0)) return 0;
  // Never all but certain: ranks of a few steps can agree fully by chance.
  const unexplained = Math.max(1 - r * r, 1 / grown.length);
  return Math.max(0, (-grown.length / 2) * Math.log(unexplained) - Math.log(grown.length) / 2);
}

/** The place of each number in order; equal ones share the middle of theirs. */
function ranks(numbers: readonly number[]): number[] {
  const sorted = [...numbers].sort((a, b) => a - b);
  return numbers.map((number) => (sorted.indexOf(number) + sorted.lastIndexOf(number)) / 2);
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const middle = (numbers: readonly number[]) =>
    numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const [meanA, meanB] = [middle(a), middle(b)];
  const products = (left: readonly number[], leftMean: number, right: readonly number[], rightMean: number) =>
    left.reduce((sum, each, index) => sum + (each - leftMean) * ((right[index] ?? 0) - rightMean), 0);
  return (
    products(a, meanA, b, meanB) / Math.sqrt(products(a, meanA, a, meanA) * products(b, meanB, b, meanB))
  );
}

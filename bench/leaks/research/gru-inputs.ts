import { SECOND } from '@maque/kit';
import type { DetectorSample } from '../../../packages/guard/src/detect/detector-sample.ts';
import { type LabelledTrace, paced } from './labelled-trace.ts';

/** Numbers of one step that the network sees: four levels, the rise of three of them, and traffic. */
export const INPUTS = 8;
// Levels and rises are shares of a limit; these bring them to the size of one.
const LEVEL_SCALE = 3;
const RISE_SCALE = 20;

/** A trace as the network sees it, with what was true at each step. */
export interface Sequence {
  readonly trace: LabelledTrace;
  readonly seconds: readonly number[];
  readonly inputs: readonly Float64Array[];
  /** 1 when memory runs out within the horizon. */
  readonly truth: readonly number[];
}

/** The same facts as the guard's rule has: floors, minima outside the heap, traffic. */
export function sequenceOf(trace: LabelledTrace, horizonSeconds: number): Sequence {
  const reader = new StepReader();
  const seconds: number[] = [];
  const inputs: Float64Array[] = [];
  const truth: number[] = [];
  for (const step of paced(trace.samples)) {
    seconds.push(step.seconds);
    inputs.push(reader.read(step.news));
    const { startSeconds, exhaustionSeconds } = trace.leak ?? {
      startSeconds: Infinity,
      exhaustionSeconds: Infinity,
    };
    truth.push(step.seconds >= startSeconds && exhaustionSeconds - step.seconds <= horizonSeconds ? 1 : 0);
  }
  return { trace, seconds, inputs, truth };
}

class StepReader {
  #largestHeap = 0;
  #served = 0;
  #lastMs = 0;
  #firstRate = 0;
  #levels: readonly number[] | null = null;

  read(news: readonly DetectorSample[]): Float64Array {
    const last = news.at(-1) as DetectorSample;
    const used = least(news, (sample) => sample.heapUsed);
    const external = least(news, (sample) => sample.external);
    const native = least(news, (sample) => {
      this.#largestHeap = Math.max(this.#largestHeap, sample.heapTotal);
      return (sample.resident ?? 0) - this.#largestHeap - sample.external;
    });
    const box = last.boxLimit ?? Number.POSITIVE_INFINITY;
    const levels = [
      (last.heapFloor ?? used) / last.heapLimit,
      used / last.heapLimit,
      external / box,
      native / box,
    ];
    const before = this.#levels ?? levels;
    const rises = levels.map((level, index) => (level - (before[index] ?? level)) * RISE_SCALE);
    this.#levels = levels;
    return Float64Array.from([
      ...levels.map((level) => level * LEVEL_SCALE),
      ...rises.slice(1),
      this.#traffic(last),
    ]);
  }

  /** How much more is asked for than at first. */
  #traffic({ atMs, requests }: DetectorSample): number {
    const served = requests.reduce((sum, count) => sum + count, 0);
    const rate = (served - this.#served) / Math.max(1, (atMs - this.#lastMs) / SECOND);
    this.#served = served;
    this.#lastMs = atMs;
    if (this.#firstRate === 0) this.#firstRate = Math.max(1, rate);
    return rate / this.#firstRate - 1;
  }
}

function least(news: readonly DetectorSample[], of: (sample: DetectorSample) => number): number {
  return news.reduce((low, sample) => Math.min(low, of(sample)), Number.POSITIVE_INFINITY);
}

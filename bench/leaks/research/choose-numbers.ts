import {
  DETECTOR_NUMBERS,
  type DetectorNumbers,
} from '../../../packages/guard/src/detect/detector-numbers.ts';
import type { GrowthPrior } from '../../../packages/guard/src/detect/growth-prior.ts';
import { type Draw, drawFrom } from './draw.ts';
import { guardRule } from './guard-rule.ts';
import type { LabelledTrace, Listener } from './labelled-trace.ts';
import { ALARM, judge, type Outcome } from './score.ts';

/** The widest that each number may be: beyond lies what no engineer would believe of a process. */
const RANGES: Readonly<Partial<Record<keyof GrowthPrior, readonly [low: number, high: number]>>> = {
  leakFromStart: [0.3, 0.75],
  leakLater: [0.4, 0.85],
  leakAfterWarmUp: [0.1, 0.4],
  slowingFill: [0.2, 0.5],
  fillTime: [80 / 1800, 130 / 1800],
  fillTimeSharpness: [3, 10],
  laterFillTime: [0.7, 1],
  fillSize: [0.06, 0.3],
  fillSizeSharpness: [0.8, 2.2],
};
const SIGMA = [0.7, 2] as const;
const SEED = 11;
// The middle of the best: what a single best set owes to chance cancels out.
const BEST = 12;
// A recording counts as much as all generated traces of two kinds: it is real.
const GENERATED_WEIGHT = 0.5;
// The probability is far enough on the right side of the alarm when it is this much beyond, in logits.
const MARGIN = 0.3;
const STEEPNESS = 3;
const WANTED_LEAD = 0.65;

/** Plays every trace with many sets of numbers once, and then chooses sets without one group of traces or another. */
export class NumberChoice {
  readonly #traces: readonly LabelledTrace[];
  readonly #candidates: readonly DetectorNumbers[];
  readonly #losses: readonly (readonly number[])[];
  readonly #isRight: readonly (readonly boolean[])[];
  readonly #horizonSeconds: number;

  constructor(
    recorded: readonly LabelledTrace[],
    generated: readonly LabelledTrace[],
    candidates: number,
    horizonSeconds: number,
  ) {
    const draw = drawFrom(SEED);
    const kinds = new Set(generated.map(({ group }) => group)).size;
    const share = (GENERATED_WEIGHT * kinds) / Math.max(1, generated.length);
    this.#horizonSeconds = horizonSeconds;
    this.#traces = [...recorded, ...generated];
    this.#candidates = Array.from({ length: candidates }, () => drawNumbers(draw));
    const outcomes = this.#candidates.map((numbers) => {
      const listener = this.#listener(numbers);
      return this.#traces.map((trace) => judge(trace, listener(trace), horizonSeconds));
    });
    this.#losses = outcomes.map((row) =>
      row.map((outcome, index) => lossOf(outcome) * (index < recorded.length ? 1 : share)),
    );
    this.#isRight = outcomes.map((row) => row.slice(0, recorded.length).map(isRight));
  }

  /** The middle of the sets that do best on all traces but those of this group. */
  without(group: string | null): DetectorNumbers {
    const totals = this.#losses.map((row) =>
      row.reduce((sum, loss, index) => (this.#traces[index]?.group === group ? sum : sum + loss), 0),
    );
    const best = totals
      .map((total, index) => ({ total, index }))
      .sort((a, b) => a.total - b.total)
      .slice(0, BEST)
      .map(({ index }) => this.#candidates[index] as DetectorNumbers);
    return middleOf(best);
  }

  /** Each trace judged by numbers that its own group did not choose. */
  listener(): Listener {
    return (trace) => this.#listener(this.without(trace.group))(trace);
  }

  /** The share of recordings that are judged rightly, over all sets drawn: worst, median and best. */
  sharesRight(): readonly [worst: number, median: number, best: number] {
    const shares = this.#isRight
      .map((row) => row.filter(Boolean).length / Math.max(1, row.length))
      .sort((a, b) => a - b);
    const at = (place: number): number => shares[Math.floor(place * (shares.length - 1))] ?? Number.NaN;
    return [at(0), at(0.5), at(1)];
  }

  #listener(numbers: DetectorNumbers): Listener {
    return guardRule(this.#horizonSeconds, undefined, numbers);
  }
}

function drawNumbers(draw: Draw): DetectorNumbers {
  const prior: Partial<Record<keyof GrowthPrior, number>> = {};
  for (const [name, [low, high]] of Object.entries(RANGES)) {
    prior[name as keyof GrowthPrior] = draw.between(low, high);
  }
  return withNumbers(prior, draw.between(...SIGMA) / DETECTOR_NUMBERS.heap.noise.sigma);
}

/** The shipped numbers with some of the prior changed, and all noise louder by a factor. */
function withNumbers(prior: Partial<GrowthPrior>, louder: number): DetectorNumbers {
  const { heap, external, native } = DETECTOR_NUMBERS;
  return {
    heap: {
      ...heap,
      noise: { ...heap.noise, sigma: heap.noise.sigma * louder },
      prior: { ...heap.prior, ...prior },
    },
    external: {
      ...external,
      noise: { ...external.noise, sigma: external.noise.sigma * louder },
      prior: { ...external.prior, ...prior },
    },
    native: {
      ...native,
      noise: { ...native.noise, sigma: native.noise.sigma * louder },
      prior: { ...native.prior, ...prior, ...asAllocators(prior) },
    },
  };
}

/** What sets allocators apart stays: the rest follows the heap's numbers. */
function asAllocators(prior: Partial<GrowthPrior>): Partial<GrowthPrior> {
  const { heap, native } = DETECTOR_NUMBERS;
  const { fillTime = heap.prior.fillTime, leakFromStart = heap.prior.leakFromStart } = prior;
  return {
    leakAfterWarmUp: native.prior.leakAfterWarmUp,
    leakLater: leakFromStart,
    fillTime: fillTime * (native.prior.fillTime / heap.prior.fillTime),
  };
}

function middleOf(sets: readonly DetectorNumbers[]): DetectorNumbers {
  const mean = (of: (numbers: DetectorNumbers) => number): number =>
    sets.reduce((sum, numbers) => sum + of(numbers), 0) / sets.length;
  const prior: Partial<Record<keyof GrowthPrior, number>> = {};
  for (const name of Object.keys(RANGES) as (keyof GrowthPrior)[]) {
    prior[name] = mean(({ heap }) => heap.prior[name]);
  }
  return withNumbers(prior, mean(({ heap }) => heap.noise.sigma) / DETECTOR_NUMBERS.heap.noise.sigma);
}

function isRight({ trace, falseAlarms, isFound }: Outcome): boolean {
  return falseAlarms === 0 && isFound === (trace.leak !== null);
}

function lossOf({ trace, highestHealthy, highestLeaking, lead }: Outcome): number {
  const early = hinge(logit(highestHealthy) - logit(ALARM));
  if (trace.leak === null) return early;
  return early + hinge(logit(ALARM) - logit(highestLeaking)) + 0.5 * Math.max(0, WANTED_LEAD - lead);
}

function hinge(beyond: number): number {
  return Math.log1p(Math.exp(STEEPNESS * (beyond + MARGIN)));
}

function logit(probability: number): number {
  const bounded = Math.min(0.9999, Math.max(0.0001, probability));
  return Math.log(bounded / (1 - bounded));
}

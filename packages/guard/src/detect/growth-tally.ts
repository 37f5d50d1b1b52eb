import type { Milliseconds } from '@maque/kit';
import type { GrowthFit, GrowthPoints, Knot, NoisePrior } from './growth-fit.ts';
import { fillsLargerThan, fillsLongerThan, type GrowthPrior } from './growth-prior.ts';
import { normalCdf } from './normal-cdf.ts';

export interface GrowthQuestion {
  readonly points: GrowthPoints;
  /** Milliseconds of the points' axis that pass in a millisecond, lately: 1 for time, else how busy the route is. */
  readonly pace: number;
  readonly limitMebibytes: number;
  /** A level at which the app has been well before: what stays below it is no news. */
  readonly settledMebibytes: number;
  /** So much of the time that growth seems to have gone on, lately, may have been garbage. */
  readonly doubtfulMs: Milliseconds;
  /** A rise by no more than this has another explanation. */
  readonly slackMebibytes: number;
  /** Fewer points than this within a growth may be steps. */
  readonly leastPoints: number;
  /** Growth by so many MiB is noticed however far the limit is. */
  readonly noticeableMebibytes: number;
  readonly horizonMs: Milliseconds;
  readonly noise: NoisePrior;
  readonly prior: GrowthPrior;
}

/** What the points make believe. Probabilities, and the growth that goes on as expected from all shapes of it. */
export interface GrowthBelief {
  /** Logarithm, to compare one axis with another. */
  readonly evidence: number;
  readonly growing: number;
  /** Growing, and without a bound. */
  readonly leaking: number;
  /** Growing, and since the process began. */
  readonly sinceStart: number;
  /** That the limit is reached within the horizon. */
  readonly reaching: number;
  /** MiB per millisecond and its standard deviation, and MiB now. */
  readonly rate: number;
  readonly rateDeviation: number;
  readonly level: number;
}

/** A moment at which growth may have begun, and what was likely of it then. */
export interface Onset {
  readonly knot: Knot;
  readonly isStart: boolean;
  /** How long half of the fills take that begin then. */
  readonly usualFillMs: Milliseconds;
  /** Weight of a leak, and of a fill, that begins then. */
  readonly leak: number;
  readonly fill: number;
}

// Less than 1.5 % of the way to the limit (4 MiB of 256) is nothing to speak of yet; of a limit that is far away, as a
// large machine's is for a small app, that would be more than a fast leak takes in minutes.
const LEAST_SHARE = 0.015;

/** MiB by which a pool must have grown on this way to its limit before it is worth a word. */
export function leastNoticeable(wayMebibytes: number, noticeableMebibytes: number): number {
  return Math.min(LEAST_SHARE * wayMebibytes, noticeableMebibytes);
}

/** Adds up what the shapes of growth say. Masses are relative to the best evidence so far. */
export class GrowthTally {
  readonly #question: GrowthQuestion;
  readonly #fillsBeyondLimit: number;
  /** The highest value before each point. */
  readonly #highest: Float64Array;
  #best = Number.NEGATIVE_INFINITY;
  #total = 0;
  #growing = 0;
  #leaking = 0;
  #sinceStart = 0;
  #reaching = 0;
  #rated = 0;
  #rate = 0;
  #rateSquare = 0;
  #level = 0;

  constructor(question: GrowthQuestion) {
    this.#question = question;
    this.#fillsBeyondLimit = fillsLargerThan(1, question.prior);
    const { count, mebibytes } = question.points;
    this.#highest = new Float64Array(count + 1).fill(question.settledMebibytes);
    for (let index = 0; index < count; index += 1) {
      this.#highest[index + 1] = Math.max(this.#highest[index] as number, mebibytes[index] as number);
    }
  }

  get growing(): number {
    return this.#growing / this.#total;
  }

  /** A shape that does not grow any more. */
  addStill(evidence: number, weight: number): void {
    // First the mass, since it may rescale the total.
    const mass = this.#mass(evidence, weight);
    this.#total += mass;
  }

  /** Growth that is about to end by itself, below the limit. */
  addSettling(fit: GrowthFit, onset: Onset, weight: number): void {
    const mass = this.#mass(fit.evidence, weight);
    this.#total += mass;
    if (this.#isNoticeable(fit, this.#gained(fit, onset), onset)) this.#addGrowing(mass, onset);
  }

  /** Growth that goes on: a leak, or a fill that is not yet full. */
  addOngoing(fit: GrowthFit, onset: Onset, leak: number, fill: number): void {
    const { prior, pace } = this.#question;
    const gained = this.#gained(fit, onset);
    const way = this.#wayToLimit(fit, gained);
    const larger = fillsLargerThan(way, prior);
    const knownMs = Math.max(0, onset.knot.agoMs - this.#question.doubtfulMs);
    // The time it took to come back to where it has been is no news.
    const elapsedMs = knownMs * Math.min(1, gained / Math.max(fit.level - fit.base, 1e-9));
    const filling = fill * fillsLongerThan(elapsedMs, onset.usualFillMs, prior) * larger;
    const mass = this.#mass(fit.evidence, leak + filling);
    this.#total += mass;
    if (!this.#isNoticeable(fit, gained, onset)) return;
    const leakShare = leak / (leak + filling);
    const unbounded = leakShare + (1 - leakShare) * (this.#fillsBeyondLimit / larger);
    this.#addGrowing(mass, onset);
    this.#leaking += mass * leakShare;
    this.#reaching += mass * unbounded * this.#inTime(fit);
    this.#rated += mass;
    this.#rate += mass * fit.rate * pace;
    this.#rateSquare += mass * (fit.rate ** 2 + fit.rateError ** 2) * pace ** 2;
    this.#level += mass * fit.level;
  }

  belief(flatLevel: number): GrowthBelief {
    const total = this.#total;
    const rated = this.#rated;
    const rate = rated > 0 ? this.#rate / rated : 0;
    return {
      evidence: this.#best + Math.log(total),
      growing: this.#growing / total,
      leaking: this.#leaking / total,
      sinceStart: this.#sinceStart / total,
      reaching: this.#reaching / total,
      rate,
      rateDeviation: rated > 0 ? Math.sqrt(Math.max(0, this.#rateSquare / rated - rate ** 2)) : 0,
      level: rated > 0 ? this.#level / rated : flatLevel,
    };
  }

  #addGrowing(mass: number, onset: Onset): void {
    this.#growing += mass;
    if (onset.isStart) this.#sinceStart += mass;
  }

  /** MiB by which growth has come beyond the highest level known before it, and beyond what else explains a rise. */
  #gained(fit: GrowthFit, onset: Onset): number {
    const ground = Math.max(fit.base, this.#highest[onset.knot.index] as number);
    return Math.max(0, fit.level - ground - this.#question.slackMebibytes);
  }

  /** How far it has come by that on the way from there to the limit: 0 to 1. */
  #wayToLimit(fit: GrowthFit, gained: number): number {
    return gained / (gained + this.#room(fit));
  }

  #room(fit: GrowthFit): number {
    return Math.max(1, this.#question.limitMebibytes - fit.level);
  }

  #isNoticeable(fit: GrowthFit, gained: number, onset: Onset): boolean {
    const { points, leastPoints, noticeableMebibytes } = this.#question;
    const least = leastNoticeable(gained + this.#room(fit), noticeableMebibytes);
    return gained >= least && points.count - onset.knot.index >= leastPoints;
  }

  /** Probability that this growth, if it goes on, crosses the limit within the horizon. */
  #inTime(fit: GrowthFit): number {
    const { limitMebibytes, horizonMs, pace } = this.#question;
    const needed = Math.max(0, limitMebibytes - fit.level) / horizonMs;
    return normalCdf((fit.rate * pace - needed) / Math.max(fit.rateError * pace, 1e-12));
  }

  #mass(evidence: number, weight: number): number {
    if (evidence > this.#best) {
      this.#scale(Math.exp(this.#best - evidence));
      this.#best = evidence;
    }
    return weight * Math.exp(evidence - this.#best);
  }

  #scale(by: number): void {
    this.#total *= by;
    this.#growing *= by;
    this.#leaking *= by;
    this.#sinceStart *= by;
    this.#reaching *= by;
    this.#rated *= by;
    this.#rate *= by;
    this.#rateSquare *= by;
    this.#level *= by;
  }
}

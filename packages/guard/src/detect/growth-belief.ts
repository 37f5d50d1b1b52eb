import type { Milliseconds } from '@maque/kit';
import { GrowthFitter, type GrowthPoints, type Knot, knotAt, knotNow } from './growth-fit.ts';
import { fillsLongerThan, usualFillMs } from './growth-prior.ts';
import { type GrowthBelief, type GrowthQuestion, GrowthTally, type Onset } from './growth-tally.ts';

// Onsets lie closer together the younger they are: each is 1.5 times as old as the one after it, 24 of them a day.
const ONSET_STEP = 1.5;
const YOUNGEST_ONSET_MS: Milliseconds = 8_000;
// A straight line that begins between two of them has a rate that is up to 20 % off, and an interval far from it: it is
// fitted from three moments for each, evenly apart.
const AROUND_ONSET = [ONSET_STEP ** (-1 / 3), 1, ONSET_STEP ** (1 / 3)] as const;
// Half of what grows does so since the process began.
const START_SHARE = 0.5;
// A growth that slows down does so to one of these shares of its rate, not before a quarter of its time has passed,
// which leaves about four knots to bend at.
const SLOWER = [0.5, 0.25] as const;
const SOONEST_BEND = 0.25;
const BENDS = 4;
// A growth that settles has a time constant of one of these shares of its time so far. Of the shortest there is nothing
// left to see (e^-5).
const SETTLING = [0.2, 0.35, 0.6] as const;
const SETTLED = 0.2;
// Growth may be one, two or three steps (modules loaded late, one deploy after the other): this is likely of each number.
const STEPS = [0.03, 0.03, 0.03] as const;
// Below this it is not worth asking whether growth settles, which needs a loop over all points for each shape; nor from
// moments at which growth began e^12 times less likely than at another.
const LEAST_GROWING = 0.3;
const LEAST_PLAUSIBLE = 12;

/** Weighs every shape of growth by how well it explains the points and by how likely it was before. */
export function believe(question: GrowthQuestion): GrowthBelief {
  const fitter = new GrowthFitter(question.points, question.noise);
  const tally = new GrowthTally(question);
  const flat = fitter.flat();
  tally.addStill(flat.evidence, 1);
  const onsets = possibleOnsets(question);
  const evidence = onsets.map((onset, index) => {
    const later = onsets.slice(0, index).reverse();
    weighEnded(question, tally, fitter, onset, later);
    const straight = weighStraight(question, tally, fitter, onset);
    return Math.max(straight, weighBent(question, tally, fitter, onset, later));
  });
  weighSteps(question, tally, fitter);
  if (tally.growing >= LEAST_GROWING) {
    const plausible = Math.max(...evidence) - LEAST_PLAUSIBLE;
    onsets.forEach((onset, index) => {
      if ((evidence[index] as number) >= plausible) weighSettling(question, tally, fitter, onset);
    });
  }
  return tally.belief(flat.level);
}

/** Moments at which growth may have begun, young to old; the oldest is the first point. */
function possibleOnsets(question: GrowthQuestion): Onset[] {
  const { points, prior, horizonMs } = question;
  const span = points.agoMs[0] ?? 0;
  const ages: Milliseconds[] = [];
  for (let agoMs = YOUNGEST_ONSET_MS; agoMs < span / 1.1; agoMs *= ONSET_STEP) ages.push(agoMs);
  return [...ages, span].map((agoMs, index) => {
    const isStart = index === ages.length;
    const share = isStart ? START_SHARE : (1 - START_SHARE) / ages.length;
    const leak = isStart ? prior.leakFromStart : prior.leakLater;
    return {
      knot: knotAt(points, agoMs),
      isStart,
      usualFillMs: usualFillMs(span - agoMs, horizonMs, prior),
      leak: share * leak,
      fill: share * (1 - leak),
    };
  });
}

/** Growth that goes on as it began. @returns the best evidence of it. */
function weighStraight(
  question: GrowthQuestion,
  tally: GrowthTally,
  fitter: GrowthFitter,
  onset: Onset,
): number {
  const { leakAfterWarmUp, slowingFill } = question.prior;
  const knots = knotsAround(question.points, onset);
  const leak = (onset.leak * (1 - leakAfterWarmUp)) / knots.length;
  const fill = (onset.fill * (1 - slowingFill)) / knots.length;
  let best = Number.NEGATIVE_INFINITY;
  for (const knot of knots) {
    const fit = fitter.fit(knot, knotNow(question.points), 1);
    if (fit === null) continue;
    tally.addOngoing(fit, { ...onset, knot }, leak, fill);
    best = Math.max(best, fit.evidence);
  }
  return best;
}

function knotsAround(points: GrowthPoints, { knot, isStart }: Onset): readonly Knot[] {
  const span = points.agoMs[0] ?? 0;
  if (isStart) return [knot];
  return AROUND_ONSET.map((share) => knotAt(points, Math.min(span, knot.agoMs * share)));
}

/**
 * Growth that goes on more slowly since a bend: a leak under a warm-up, or a cache that most keys are in by now.
 * @returns the best evidence of it.
 */
function weighBent(
  question: GrowthQuestion,
  tally: GrowthTally,
  fitter: GrowthFitter,
  onset: Onset,
  later: readonly Onset[],
): number {
  const { leakAfterWarmUp, slowingFill } = question.prior;
  const part = 1 / (SLOWER.length * BENDS);
  let best = Number.NEGATIVE_INFINITY;
  for (const { knot: bend } of later) {
    if (bend.agoMs < onset.knot.agoMs * SOONEST_BEND) break;
    for (const share of SLOWER) {
      const fit = fitter.fit(onset.knot, bend, share);
      if (fit === null) continue;
      tally.addOngoing(fit, onset, onset.leak * leakAfterWarmUp * part, onset.fill * slowingFill * part);
      best = Math.max(best, fit.evidence);
    }
  }
  return best;
}

/** Growth that has ended: a fill that is full. */
function weighEnded(
  question: GrowthQuestion,
  tally: GrowthTally,
  fitter: GrowthFitter,
  onset: Onset,
  later: readonly Onset[],
): void {
  let longer = 1;
  for (const { knot: end } of later) {
    const stillLonger = fillsLongerThan(onset.knot.agoMs - end.agoMs, onset.usualFillMs, question.prior);
    const fit = fitter.fit(onset.knot, end, 0);
    if (fit !== null) tally.addStill(fit.evidence, onset.fill * (longer - stillLonger));
    longer = stillLonger;
  }
}

/** Growth that came in steps: where the points rise most. They may be anywhere, which is the price of choosing them. */
function weighSteps(question: GrowthQuestion, tally: GrowthTally, fitter: GrowthFitter): void {
  const { count } = question.points;
  const steepest = steepestRises(question.points.mebibytes, count);
  let places = 1;
  STEPS.forEach((weight, index) => {
    const before = steepest.slice(0, index + 1).sort((a, b) => a - b);
    places *= Math.max(1, count - 1 - index) / (index + 1);
    if (before.length === index + 1) tally.addStill(fitter.steps(before), weight / places);
  });
}

/** The points to which the rise is largest, the largest first. */
function steepestRises(values: Float64Array, count: number): number[] {
  const steepest: number[] = [];
  const rise = (index: number): number => (values[index] as number) - (values[index - 1] as number);
  for (let index = 1; index < count; index += 1) {
    const place = steepest.findIndex((other) => rise(index) > rise(other));
    if (place >= 0) steepest.splice(place, 0, index);
    else if (steepest.length < STEPS.length) steepest.push(index);
    if (steepest.length > STEPS.length) steepest.pop();
  }
  return steepest;
}

/** Growth that approaches a bound below the limit. */
function weighSettling(
  question: GrowthQuestion,
  tally: GrowthTally,
  fitter: GrowthFitter,
  onset: Onset,
): void {
  const weight = (onset.fill * question.prior.slowingFill) / SETTLING.length;
  for (const share of SETTLING) {
    const fit = fitter.settling(onset.knot, share * onset.knot.axis);
    if (fit === null || fit.base + fit.rate >= question.limitMebibytes) continue;
    if (share > SETTLED) tally.addSettling(fit, onset, weight);
    else tally.addStill(fit.evidence, weight);
  }
}

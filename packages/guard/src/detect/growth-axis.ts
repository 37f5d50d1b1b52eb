import type { Milliseconds } from '@maque/kit';
import type { LivePoint } from './collected-points.ts';
import { believe } from './growth-belief.ts';
import { GrowthFitter, type GrowthPoints, knotAt, knotNow } from './growth-fit.ts';
import type { GrowthBelief, GrowthQuestion } from './growth-tally.ts';

// Fewer requests than this say nothing of a route.
const LEAST_REQUESTS = 20;
// Below this it is not worth asking by which route.
const LEAST_GROWING = 0.1;
// How busy a route is now: over the last fifth of the history, but no longer than it looks ahead, and never less than this.
const LEAST_RECENT_MS: Milliseconds = 20_000;

export function growthPoints(live: readonly LivePoint[], nowMs: Milliseconds): GrowthPoints {
  const count = live.length;
  const agoMs = new Float64Array(count);
  const mebibytes = new Float64Array(count);
  const weight = new Float64Array(count);
  live.forEach((point, index) => {
    agoMs[index] = Math.max(0, nowMs - point.atMs);
    mebibytes[index] = point.mebibytes;
    weight[index] = point.weight;
  });
  return { count, agoMs, axis: agoMs, mebibytes, weight };
}

/**
 * What leaks with each request of a route grows evenly against that route's requests, and unevenly against time when
 * traffic comes and goes. Believes both the time and the route that explains the points best, by their evidence.
 */
export function believeAgainstTraffic(
  question: GrowthQuestion,
  live: readonly LivePoint[],
  requests: readonly number[],
): GrowthBelief {
  const onTime = believe(question);
  if (onTime.growing < LEAST_GROWING) return onTime;
  const best = bestRoute(question, live, requests);
  if (best === null) return onTime;
  const onRoute = believe({ ...question, points: best, pace: recentPace(best, question.horizonMs) });
  const odds = Math.exp(onRoute.evidence - Math.log(requests.length) - onTime.evidence);
  return mix(onTime, onRoute, Number.isFinite(odds) ? odds / (1 + odds) : 1);
}

function bestRoute(
  question: GrowthQuestion,
  live: readonly LivePoint[],
  requests: readonly number[],
): GrowthPoints | null {
  let best: GrowthPoints | null = null;
  let bestEvidence = Number.NEGATIVE_INFINITY;
  for (let route = 0; route < requests.length; route += 1) {
    const points = pointsAgainst(route, question.points, live, requests);
    if (points === null) continue;
    const whole = knotAt(points, points.agoMs[0] ?? 0);
    const fit = new GrowthFitter(points, question.noise).fit(whole, knotNow(points), 1);
    if (fit === null || fit.evidence <= bestEvidence) continue;
    best = points;
    bestEvidence = fit.evidence;
  }
  return best;
}

/** The points with the route's requests as axis, stretched to the span of time that they took. */
function pointsAgainst(
  route: number,
  points: GrowthPoints,
  live: readonly LivePoint[],
  requests: readonly number[],
): GrowthPoints | null {
  const served = requests[route] ?? Number.NaN;
  const total = served - (live[0]?.requests[route] ?? Number.NaN);
  if (!(total >= LEAST_REQUESTS)) return null;
  const scale = (points.agoMs[0] ?? 0) / total;
  const axis = new Float64Array(points.count);
  live.forEach((point, index) => {
    axis[index] = Math.max(0, served - (point.requests[route] ?? served)) * scale;
  });
  return { ...points, axis };
}

function recentPace(points: GrowthPoints, horizonMs: Milliseconds): number {
  const recent = Math.max(LEAST_RECENT_MS, Math.min((points.agoMs[0] ?? 0) / 5, horizonMs));
  return knotAt(points, recent).axis / recent;
}

function mix(a: GrowthBelief, b: GrowthBelief, share: number): GrowthBelief {
  return {
    evidence: between(a.evidence, b.evidence, share),
    growing: between(a.growing, b.growing, share),
    leaking: between(a.leaking, b.leaking, share),
    sinceStart: between(a.sinceStart, b.sinceStart, share),
    reaching: between(a.reaching, b.reaching, share),
    rate: between(a.rate, b.rate, share),
    rateDeviation: between(a.rateDeviation, b.rateDeviation, share),
    level: between(a.level, b.level, share),
  };
}

function between(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

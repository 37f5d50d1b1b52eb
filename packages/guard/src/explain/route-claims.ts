import { FunctionRoutes } from './function-routes.ts';
import type { Findings } from './investigation.ts';
import type { Evidence, RouteClaim } from './leak-report.ts';
import { routeOnStack, type Survivor } from './leak-sites.ts';
import { outsideEvidence } from './outside-memory.ts';
import { fitRoutes } from './route-growth.ts';
import { type RankedRoute, type RouteFacts, rankRoutes } from './route-ranking.ts';
import { oncePerStack, type StackFrame } from './stack-frame.ts';

const MOST_CLAIMS = 5;
const LEAST_CONFIDENCE = 0.02;

/**
 * Says which routes cause the growth.
 * @param survivors those that keep coming, without what came once.
 * @param isInHeap whether the heap is known to be what grows.
 */
export function claimRoutes(
  findings: Findings,
  survivors: readonly Survivor[],
  nameOf: (route: string) => string,
  isInHeap: boolean,
): RouteClaim[] {
  return rankRoutes(factsOf(findings, survivors, isInHeap))
    .slice(0, MOST_CLAIMS)
    .filter(({ confidence }) => confidence >= LEAST_CONFIDENCE)
    .map((ranked) => ({
      route: nameOf(ranked.route),
      confidence: hundredths(ranked.confidence),
      requests: ranked.requests,
      evidence: evidenceOf(ranked),
    }));
}

function factsOf(findings: Findings, survivors: readonly Survivor[], isInHeap: boolean): RouteFacts[] {
  const bins = Math.max(0, ...[...findings.traffic.values()].map(({ length }) => length));
  // Before the profile began there were requests, but nothing could be seen to survive.
  const firstBin = Math.floor((findings.profiledFromMs - findings.startedAtMs) / findings.binMs);
  const fits = fitRoutes(
    binned(survivors, findings, bins).slice(firstBin),
    new Map([...findings.traffic].map(([route, counts]) => [route, counts.subarray(firstBin)])),
  );
  const total = survivors.reduce((sum, { bytes }) => sum + bytes, 0);
  const onStack = bytesBy(survivors, (stack) => findings.routeNames.get(routeOnStack(stack) ?? -1) ?? null);
  const functions = new FunctionRoutes(findings.routedStacks);
  const byFunction = bytesBy(survivors, (stack) =>
    routeOnStack(stack) === null ? functions.routeOf(stack) : null,
  );
  const names = new Set([...findings.traffic.keys(), ...findings.requests.map(({ route }) => route)]);
  return [...names].map((route) => {
    const fit = fits.find((each) => each.route === route) ?? null;
    const grown = findings.listeners.filter((pile) => pile.route === route);
    return {
      route,
      requests: fit?.requests ?? 0,
      onStack: shareOf(onStack.get(route), total * findings.followedShare),
      byFunction: shareOf(byFunction.get(route), total),
      fit,
      outside: isInHeap ? 0 : outsideOf(route, findings),
      survival: findings.requests.find((each) => each.route === route) ?? null,
      listeners: Math.max(0, ...grown.map(({ now, before }) => now - before)),
    };
  });
}

function shareOf(part = 0, whole = 0): number {
  return whole === 0 ? 0 : Math.min(1, part / whole);
}

function binned(survivors: readonly Survivor[], findings: Findings, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const { atMs } of survivors) {
    const bin = Math.floor((atMs - findings.startedAtMs) / findings.binMs);
    if (bin >= 0 && bin < bins) counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

function outsideOf(route: string, { outside, traffic, startedAtMs, binMs }: Findings): number {
  const counts = traffic.get(route) ?? new Float64Array();
  const binOf = (atMs: number) => Math.floor((atMs - startedAtMs) / binMs);
  const within = outside.filter(({ untilMs }) => binOf(untilMs) <= counts.length);
  const requests = within.map(({ fromMs, untilMs }) =>
    counts.subarray(binOf(fromMs), binOf(untilMs)).reduce((sum, count) => sum + count, 0),
  );
  return outsideEvidence(
    within.map(({ bytes }) => bytes),
    requests,
  );
}

function bytesBy(
  survivors: readonly Survivor[],
  routeOf: (stack: readonly StackFrame[]) => string | null,
): Map<string, number> {
  const bytes = new Map<string, number>();
  const routeOnce = oncePerStack(routeOf);
  for (const survivor of survivors) {
    const route = routeOnce(survivor.stack);
    if (route !== null) bytes.set(route, (bytes.get(route) ?? 0) + survivor.bytes);
  }
  return bytes;
}

// What is shown as evidence; the ranking has weighed the rest as well.
const LEAST_SHARE = 0.05;
const LEAST_ODDS = 2;

function evidenceOf({ onStack, byFunction, fit, outside, survival, requests }: RankedRoute): Evidence[] {
  const evidence: Evidence[] = [];
  if (onStack >= LEAST_SHARE) evidence.push({ code: 'on-stack', share: hundredths(onStack) });
  if (byFunction >= LEAST_SHARE) evidence.push({ code: 'same-function', share: hundredths(byFunction) });
  if (fit !== null && fit.evidence >= LEAST_ODDS) {
    evidence.push({
      code: 'timing',
      odds: Math.round(fit.evidence),
      share: hundredths(fit.share),
      requests,
    });
  }
  if (outside >= LEAST_ODDS) {
    evidence.push({ code: 'outside-timing', odds: Math.round(outside), requests });
  }
  if (survival === null) return evidence;
  const { objects, contexts, followed } = survival;
  if (objects * 2 >= followed && objects > 0)
    evidence.push({ code: 'requests-stay', alive: objects, followed });
  if (contexts * 2 >= followed && contexts > 0) {
    evidence.push({ code: 'waiting-stays', alive: contexts, followed });
  }
  return evidence;
}

export function hundredths(share: number): number {
  return Math.round(share * 100) / 100;
}

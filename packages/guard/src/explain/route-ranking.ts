import type { RequestSurvival } from './request-watch.ts';
import type { RouteFit } from './route-growth.ts';

/** What speaks for one route. */
export interface RouteFacts {
  readonly route: string;
  readonly requests: number;
  /** Share of surviving bytes that were allocated right below the route's frame. */
  readonly onStack: number;
  /** Share that was allocated later, by functions of the app that serve this route only. */
  readonly byFunction: number;
  readonly fit: RouteFit | null;
  /** How well its requests explain when memory outside the heap grew; 0 when that is not what grows. */
  readonly outside: number;
  readonly survival: RequestSurvival | null;
  /** Listeners that were added for it and stayed. */
  readonly listeners: number;
}

export interface RankedRoute extends RouteFacts {
  /** From 0 to 0.99, over all routes and work that belongs to no route. */
  readonly confidence: number;
}

// Evidence is a logarithm of odds, so 5 is already 150 to 1. Each kind is capped: none of them alone may be certain, since
// each can be wrong in its own way (a frame by shared work, times by traffic that moves together, survivors by clients
// that stay connected).
const FULL_STACK = 10;
const FULL_FUNCTION = 7;
const FULL_TIMING = 8;
// Memory that a route only borrows grows with its requests as well, until it is collected.
const FULL_OUTSIDE = 5;
const FULL_OBJECTS = 8;
const FULL_CONTEXTS = 4;
const FULL_LISTENERS = 6;
const MANY_LISTENERS = 20;
// A leak by timers or by connections that no route causes is one in twenty to begin with; without any evidence for a
// route it is the likeliest.
const NO_ROUTE = 2;
const MOST_CERTAIN = 0.99;
// Fewer requests than this say little by all staying or none.
const ENOUGH_FOLLOWED = 8;

/** Puts the routes in order of how likely each causes the growth. */
export function rankRoutes(facts: readonly RouteFacts[]): RankedRoute[] {
  const weights = facts.map((fact) => Math.exp(evidenceFor(fact, facts)));
  const total = weights.reduce((sum, weight) => sum + weight, Math.exp(NO_ROUTE));
  return facts
    .map((fact, index) => ({
      ...fact,
      confidence: Math.min(MOST_CERTAIN, (weights[index] ?? 0) / total),
    }))
    .sort((a, b) => b.confidence - a.confidence);
}

function evidenceFor(fact: RouteFacts, all: readonly RouteFacts[]): number {
  const objects = excess(fact, all, aliveObjects);
  const contexts = excess(fact, all, aliveContexts);
  return (
    FULL_STACK * fact.onStack +
    FULL_FUNCTION * fact.byFunction +
    timing(fact, all) +
    Math.min(FULL_OUTSIDE, fact.outside) +
    FULL_OBJECTS * objects +
    FULL_CONTEXTS * contexts +
    FULL_LISTENERS * Math.min(1, fact.listeners / MANY_LISTENERS)
  );
}

/**
 * The likeliest route by its times counts up to the cap; any other less by as much as its times are less likely. Capped each
 * for itself they would be alike: 115 says beyond doubt what 10 does not.
 */
function timing(fact: RouteFacts, all: readonly RouteFacts[]): number {
  const own = fact.fit?.evidence ?? 0;
  const best = Math.max(...all.map(({ fit }) => fit?.evidence ?? 0));
  return Math.max(0, Math.min(FULL_TIMING, best) - (best - own));
}

type Alive = (survival: RequestSurvival | null) => number;
const aliveObjects: Alive = (survival) => shareOf(survival?.objects, survival?.followed);
const aliveContexts: Alive = (survival) => shareOf(survival?.contexts, survival?.followed);

/** How much more of its requests stay than of the others': a keep-alive connection holds the last one of any route. */
function excess(fact: RouteFacts, all: readonly RouteFacts[], alive: Alive): number {
  const others = all.filter((each) => each !== fact).map(({ survival }) => alive(survival));
  const usual = others.length === 0 ? 0 : Math.min(...others);
  const trust = Math.min(1, (fact.survival?.followed ?? 0) / ENOUGH_FOLLOWED);
  return Math.max(0, alive(fact.survival) - usual) * trust;
}

function shareOf(part = 0, whole = 0): number {
  return whole === 0 ? 0 : part / whole;
}

import { type Bytes, MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import type { Pool } from '../detect/verdict.ts';
import type { AlertFacts, BoxFacts, Death, ProcessFacts } from './alert-facts.ts';

export type RuleName = 'leak' | 'heap' | 'box-memory' | 'memory-stall' | 'cpu' | 'latency' | 'restarts';

/** When a rule speaks. Values are shares but for `latency` (ms) and `restarts` (a count). */
export interface RuleLimits {
  /** An alert begins at this value … */
  readonly warning: number;
  /** … and is urgent from this one on: it does not wait for the end of quiet hours. Infinity: never. */
  readonly critical: number;
  /** It is over below this value, well away from where it began. */
  readonly clear: number;
  /** How long the value must be up, time in which it is not counted against; likewise for the end. */
  readonly forMs: Milliseconds;
  readonly clearForMs: Milliseconds;
}

export const DEFAULT_LIMITS: Readonly<Record<RuleName, RuleLimits>> = Object.freeze({
  // The detector's threshold, at which half an hour is what is left: always urgent. Two evaluations must agree; after a
  // false alarm the probability falls at once, after a restart it is known again within minutes.
  leak: { warning: 0.9, critical: 0.9, clear: 0.5, forMs: 10 * SECOND, clearForMs: 5 * MINUTE },
  // Runs driven into their heap limit died at 0.91 to 0.99 of it; below 0.85 V8 collects without hurry.
  heap: { warning: 0.85, critical: 0.92, clear: 0.75, forMs: 30 * SECOND, clearForMs: 2 * MINUTE },
  // earlyoom asks processes to end at 0.90 and kills at 0.95.
  'box-memory': { warning: 0.9, critical: 0.95, clear: 0.85, forMs: 30 * SECOND, clearForMs: 2 * MINUTE },
  // systemd-oomd kills at 0.6 over 30 s; a box that swaps itself to death passes 0.1 long before.
  'memory-stall': { warning: 0.1, critical: 0.4, clear: 0.02, forMs: 20 * SECOND, clearForMs: 2 * MINUTE },
  // Above 0.8 queues grow faster than they drain. Five minutes are no deployment and no import any more.
  cpu: { warning: 0.8, critical: Infinity, clear: 0.6, forMs: 5 * MINUTE, clearForMs: 5 * MINUTE },
  // A second is what people notice as waiting. The 95th percentile is that of ten seconds, so two minutes are a dozen.
  latency: {
    warning: SECOND,
    critical: Infinity,
    clear: SECOND / 2,
    forMs: 2 * MINUTE,
    clearForMs: 5 * MINUTE,
  },
  // One death heals itself unseen; three in a window are a pattern, six a loop. The window is the hysteresis: over
  // when it has become empty.
  restarts: { warning: 3, critical: 6, clear: 1, forMs: 0, clearForMs: 0 },
});

export const RULE_NAMES = Object.keys(DEFAULT_LIMITS) as readonly RuleName[];

/** What stands behind a value, for the text of the alert. */
export interface Evidence {
  readonly pool?: Pool;
  readonly used?: Bytes | null;
  readonly limit?: Bytes | null;
  readonly bytesPerSecond?: number;
  readonly timeToLimitMs?: Milliseconds | null;
  readonly horizonMs?: Milliseconds;
  readonly box?: BoxFacts['kind'];
  /** The newest of the deaths that were counted, and the time in which they were. */
  readonly death?: Death;
  readonly windowMs?: Milliseconds;
}

/** One rule's value for one process, or for the box or all processes together (null). */
export interface Reading {
  readonly rule: RuleName;
  readonly process: string | null;
  readonly value: number;
  readonly evidence: Evidence;
  readonly note: string | null;
}

/** How many processes ended unasked within a window, and the last of them. */
export interface DeathCount {
  readonly count: number;
  readonly last: Death | undefined;
  readonly windowMs: Milliseconds;
}

// Of fewer requests than twenty in the ten seconds the 95th percentile is just the slowest one.
const LEAST_REQUESTS_PER_SECOND = 2;

/** What the facts say to each rule. Pure; what is not known, or is no number, gives no reading. */
export function readingsOf(facts: AlertFacts, deaths: DeathCount): Reading[] {
  const { box, horizonMs = 30 * MINUTE } = facts;
  const readings = facts.processes.flatMap((process) => processReadings(process, horizonMs));
  if (box !== null) {
    const share = shareOf(box.used, box.limit);
    const { kind, used, limit } = box;
    add(readings, 'box-memory', null, share, { box: kind, used, limit });
    add(readings, 'memory-stall', null, box.stall, { box: kind, used, limit });
    add(readings, 'cpu', null, box.cpu, { box: 'machine' });
  }
  const { count, last, windowMs } = deaths;
  add(readings, 'restarts', null, count, last === undefined ? { windowMs } : { death: last, windowMs });
  return readings;
}

function processReadings(facts: ProcessFacts, horizonMs: Milliseconds): Reading[] {
  const { process, heapFloor, heapLimit } = facts;
  const readings: Reading[] = [];
  addLeak(readings, facts, horizonMs);
  const floor = { used: heapFloor, limit: heapLimit };
  add(readings, 'heap', process, shareOf(heapFloor, heapLimit), floor);
  add(readings, 'cpu', process, facts.busy, {});
  const enough = (facts.requestsPerSecond ?? 0) >= LEAST_REQUESTS_PER_SECOND;
  add(readings, 'latency', process, enough ? facts.p95Ms : null, {});
  return readings;
}

/** The worst pool speaks for its process. */
function addLeak(readings: Reading[], facts: ProcessFacts, horizonMs: Milliseconds): void {
  const [worst] = facts.forecasts.toSorted((a, b) => b.probability - a.probability);
  if (worst === undefined) return;
  const { pool, bytesPerSecond, timeToLimitMs } = worst;
  const used = { heap: facts.heapFloor, external: facts.external, native: facts.native }[pool];
  const evidence = { pool, bytesPerSecond, timeToLimitMs, horizonMs, used };
  add(readings, 'leak', facts.process, worst.probability, evidence, facts.note ?? null);
}

function add(
  readings: Reading[],
  rule: RuleName,
  process: string | null,
  value: number | null,
  evidence: Evidence,
  note: string | null = null,
): void {
  if (value !== null && Number.isFinite(value)) readings.push({ rule, process, value, evidence, note });
}

function shareOf(used: Bytes | null, limit: Bytes | null): number | null {
  return used === null || limit === null || !(limit > 0) ? null : used / limit;
}

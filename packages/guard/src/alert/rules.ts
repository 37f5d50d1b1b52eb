import { type Bytes, DAY, MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import type { Pool } from '../detect/verdict.ts';
import type { AlertFacts, BoxFacts, CrashLoop, Death, Examination, ProcessFacts } from './alert-facts.ts';

/** Rules on what happens and is over: told, counted, and never told to be over. Only a keeper sees it. */
export const INCIDENT_RULES = ['hang', 'oom-kill', 'over-memory', 'deploy'] as const;
export type IncidentRule = (typeof INCIDENT_RULES)[number];

export type RuleName =
  | 'leak'
  | 'slow-leak'
  | 'heap'
  | 'box-memory'
  | 'memory-stall'
  | 'cpu'
  | 'latency'
  | 'restarts'
  | IncidentRule;

/** When a rule speaks. Values are shares but for `latency` (ms), and counts for `restarts` and incidents. */
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

// The service went on, for the keeper saw to it: nobody has to get up. Three in a window are no accident.
const INCIDENT: RuleLimits = { warning: 1, critical: 3, clear: 1, forMs: 0, clearForMs: 0 };

export const DEFAULT_LIMITS: Readonly<Record<RuleName, RuleLimits>> = Object.freeze({
  // The detector's threshold, at which half an hour is what is left: always urgent. Two evaluations must agree; after a
  // false alarm the probability falls at once, after a restart it is known again within minutes.
  leak: { warning: 0.9, critical: 0.9, clear: 0.5, forMs: 10 * SECOND, clearForMs: 5 * MINUTE },
  // A day is time enough to look in the morning. Its detector already waits for two evaluations of five minutes.
  'slow-leak': { warning: 0.9, critical: Infinity, clear: 0.5, forMs: 10 * SECOND, clearForMs: 30 * MINUTE },
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
  hang: INCIDENT,
  'oom-kill': INCIDENT,
  'over-memory': INCIDENT,
  // What served before serves on, and whoever deployed it looks.
  deploy: { ...INCIDENT, critical: Infinity },
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
  /** Of `restarts`, when a process does not come to life any more. */
  readonly crashLoop?: CrashLoop;
  /** Of `deploy`. */
  readonly version?: string;
}

/** One rule's value for one process, or for the box or all processes together (null). */
export interface Reading {
  readonly rule: RuleName;
  /** Of `deploy` its version instead, for each is told by itself. */
  readonly process: string | null;
  readonly value: number;
  readonly evidence: Evidence;
  readonly note: string | null;
  /** Whether the note is what the process found out about itself, which is better than what was known before. */
  readonly isExamined: boolean;
}

/** How many processes ended unasked within a window, and the last of them. */
export interface DeathCount {
  readonly count: number;
  readonly last: Death | undefined;
  readonly windowMs: Milliseconds;
}

/** The same of one kind of incident. */
export interface IncidentCount extends DeathCount {
  readonly rule: IncidentRule;
  readonly version: string | null;
}

/** What happened of late. */
export interface RecentPast {
  readonly deaths: DeathCount;
  readonly incidents: readonly IncidentCount[];
  readonly examinations: readonly Examination[];
}

// What two full collections show is as good as certain; only nothing is.
const EXAMINED_LEAK = 0.99;

// Of fewer requests than twenty in the ten seconds the 95th percentile is just the slowest one.
const LEAST_REQUESTS_PER_SECOND = 2;

/** What the facts say to each rule. Pure; what is not known, or is no number, gives no reading. */
export function readingsOf(facts: AlertFacts, past: RecentPast): Reading[] {
  const { box, horizonMs = 30 * MINUTE, crashLoop = null } = facts;
  const readings = facts.processes.flatMap((process) =>
    processReadings(process, examinationOf(process.process, past), horizonMs),
  );
  const known = new Set(facts.processes.map(({ process }) => process));
  for (const examination of past.examinations) {
    if (!known.has(examination.process)) addExamined(readings, examination, 0, { horizonMs });
  }
  if (box !== null) {
    const share = shareOf(box.used, box.limit);
    const { kind, used, limit, note = null } = box;
    add(readings, 'box-memory', null, share, { box: kind, used, limit }, note);
    add(readings, 'memory-stall', null, box.stall, { box: kind, used, limit }, note);
    add(readings, 'cpu', null, box.cpu, { box: 'machine' });
  }
  addDeaths(readings, past.deaths, crashLoop);
  for (const { rule, version, count, last, windowMs } of past.incidents) {
    const evidence = { windowMs, ...(last && { death: last }), ...(version !== null && { version }) };
    add(readings, rule, version, count, evidence);
  }
  return readings;
}

function addDeaths(readings: Reading[], deaths: DeathCount, crashLoop: CrashLoop | null): void {
  const { count, last, windowMs } = deaths;
  const evidence = { windowMs, ...(last && { death: last }), ...(crashLoop !== null && { crashLoop }) };
  add(readings, 'restarts', null, Math.max(count, crashLoop?.failures ?? 0), evidence);
}

function examinationOf(name: string, { examinations }: RecentPast): Examination | undefined {
  return examinations.find(({ process }) => process === name);
}

function processReadings(
  facts: ProcessFacts,
  examination: Examination | undefined,
  horizonMs: Milliseconds,
): Reading[] {
  const { process, heapFloor, heapLimit } = facts;
  const readings: Reading[] = [];
  addLeak(readings, facts, examination, horizonMs);
  const floor = { used: heapFloor, limit: heapLimit };
  add(readings, 'heap', process, shareOf(heapFloor, heapLimit), floor);
  add(readings, 'cpu', process, facts.busy, {});
  const enough = (facts.requestsPerSecond ?? 0) >= LEAST_REQUESTS_PER_SECOND;
  add(readings, 'latency', process, enough ? facts.p95Ms : null, {});
  return readings;
}

/** The worst pool speaks for its process. */
function addLeak(
  readings: Reading[],
  facts: ProcessFacts,
  examination: Examination | undefined,
  horizonMs: Milliseconds,
): void {
  const { process, note = null } = facts;
  const worst = worstOf(facts.forecasts);
  const evidence = worst === undefined ? { horizonMs } : forecastEvidence(facts, worst, horizonMs);
  if (examination !== undefined) addExamined(readings, examination, worst?.probability ?? 0, evidence);
  else if (worst !== undefined) add(readings, 'leak', process, worst.probability, evidence, note);
  const slow = worstOf(facts.slowForecasts ?? []);
  if (slow === undefined) return;
  add(readings, 'slow-leak', process, slow.probability, forecastEvidence(facts, slow, DAY), note);
}

function worstOf(forecasts: ProcessFacts['forecasts']): ProcessFacts['forecasts'][number] | undefined {
  return forecasts.toSorted((a, b) => b.probability - a.probability)[0];
}

function forecastEvidence(
  facts: ProcessFacts,
  { pool, bytesPerSecond, timeToLimitMs }: ProcessFacts['forecasts'][number],
  horizonMs: Milliseconds,
): Evidence {
  const used = { heap: facts.heapFloor, external: facts.external, native: facts.native }[pool];
  return { pool, bytesPerSecond, timeToLimitMs, horizonMs, used };
}

/** What a process has found out about itself counts more than what was expected of it. */
function addExamined(
  readings: Reading[],
  { process, leaks, pool, bytesPerSecond, used, note }: Examination,
  expected: number,
  evidence: Evidence,
): void {
  const found = pool === null ? {} : { pool, used };
  const rate = bytesPerSecond === null ? {} : { bytesPerSecond };
  readings.push({
    rule: 'leak',
    process,
    value: leaks ? EXAMINED_LEAK : pool === null ? 0 : expected,
    evidence: { ...evidence, ...found, ...rate },
    note,
    isExamined: true,
  });
}

function add(
  readings: Reading[],
  rule: RuleName,
  process: string | null,
  value: number | null,
  evidence: Evidence,
  note: string | null = null,
): void {
  if (value !== null && Number.isFinite(value))
    readings.push({ rule, process, value, evidence, note, isExamined: false });
}

function shareOf(used: Bytes | null, limit: Bytes | null): number | null {
  return used === null || limit === null || !(limit > 0) ? null : used / limit;
}

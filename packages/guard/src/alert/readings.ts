import { type Bytes, DAY, MINUTE, type Milliseconds } from '@maque/kit';
import type { Pool } from '../detect/verdict.ts';
import type { AlertFacts, BoxFacts, CrashLoop, Death, Examination, ProcessFacts } from './alert-facts.ts';
import type { IncidentRule, RuleName } from './rules.ts';

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
  /** Of `attention`. */
  readonly matter?: string;
}

/** One rule's value for one process, or for the box or all processes together (null). */
export interface Reading {
  readonly rule: RuleName;
  /** Of `deploy` its version instead, and of `attention` its matter, for each is told by itself. */
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
  readonly of: Pick<Evidence, 'version' | 'matter'>;
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
  for (const { rule, of, count, last, windowMs } of past.incidents) {
    const evidence = { windowMs, ...(last && { death: last }), ...of };
    add(readings, rule, of.version ?? of.matter ?? null, count, evidence);
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

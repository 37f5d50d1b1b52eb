import { DAY, MINUTE, type Milliseconds, nearestName, SECOND } from '@maque/kit';
import type { AlertOptions } from './alert/alert-options.ts';
import { type ReportFolderOptions, resolveReportPlace } from './explain/report-place.ts';
import type { BaselinePlace } from './leak-watch/baseline-file.ts';
import {
  DEFAULT_PRESSURE_LIMITS,
  PRESSURE_CODES,
  type PressureCode,
  type PressureLimit,
  type PressureLimits,
} from './pressure/pressure.ts';

/** What `watch` can be told. Everything has a default. */
export interface GuardOptions {
  /** Time between samples under load or pressure: 50 ms to 1 min; 500 ms unless told. */
  readonly minIntervalMs?: Milliseconds;
  /** Time between samples when calm: `minIntervalMs` to 10 min; 10 s unless told. */
  readonly maxIntervalMs?: Milliseconds;
  /** Routes that are told apart: 1 to 2,000; 200 unless told, more than a small backend has. */
  readonly maxRoutes?: number;
  /**
   * Count the requests of every `node:http` server here, until the app declares routes to the meter; true unless
   * told.
   */
  readonly countHttp?: boolean;
  /** Where pressure begins, for the codes that shall differ from the defaults; Infinity means never. */
  readonly pressureLimits?: Partial<PressureLimits>;
  /** How far ahead a leak is looked for: 1 min to 7 days; 30 min unless told. A day ahead is looked for besides. */
  readonly leakHorizonMs?: Milliseconds;
  /**
   * Force a major collection where one would tell whether the heap grows: only while growth is in doubt, in a moment in
   * which next to nothing is under way, for a pause of 100 ms and 0.5 % of the time at most; true unless told.
   */
  readonly forceCollections?: boolean;
  /** Where to remember what is usual for this app; nothing is remembered unless told. */
  readonly baseline?: BaselinePlace | null;
  /**
   * Look for the cause when a leak is suspected: a sampled allocation profile for 45 to 75 s (1 to 3 % of a core) and one
   * pause of 150 ms at most; true unless told.
   */
  readonly explainLeaks?: boolean;
  /**
   * Name the functions that make turns of the event loop take 100 ms and more: when such turns recur, a CPU profile is
   * taken for 20 s at most (a pause of 1.5 ms a MiB of heap, 150 ms at most or what such a turn takes); true unless told.
   */
  readonly nameSlowTurns?: boolean;
  /** Where the reports on suspected leaks are kept; nowhere but in `lastReport` unless told. */
  readonly reports?: ReportFolderOptions | null;
  /** Whom to tell; nobody unless told. Of a process under a keeper the keeper tells. */
  readonly alerts?: AlertOptions | null;
}

export type ResolvedGuardOptions = Required<Omit<GuardOptions, 'pressureLimits'>> & {
  readonly pressureLimits: PressureLimits;
};

// A path longer than Linux takes, and a version longer than anybody's, are mistakes.
const MAX_PATH = 4_096;
const MAX_VERSION = 100;

const DEFAULTS: ResolvedGuardOptions = {
  minIntervalMs: SECOND / 2,
  maxIntervalMs: 10 * SECOND,
  maxRoutes: 200,
  countHttp: true,
  pressureLimits: DEFAULT_PRESSURE_LIMITS,
  leakHorizonMs: 30 * MINUTE,
  forceCollections: true,
  baseline: null,
  explainLeaks: true,
  nameSlowTurns: true,
  reports: null,
  alerts: null,
};

/**
 * Fills in defaults.
 * @throws TypeError for an option that does not exist or has the wrong type, RangeError for one out of bounds.
 */
export function resolveGuardOptions(options: GuardOptions = {}): ResolvedGuardOptions {
  refuseUnknown('options', options, Object.keys(DEFAULTS));
  const given = { ...DEFAULTS, ...withoutUndefined(options) };
  inBounds('minIntervalMs', given.minIntervalMs, 50, MINUTE);
  // A default must not stand against what the user chose: a longest interval below the shortest follows it.
  const maxIntervalMs = options.maxIntervalMs ?? Math.max(DEFAULTS.maxIntervalMs, given.minIntervalMs);
  inBounds('maxIntervalMs', maxIntervalMs, given.minIntervalMs, 10 * MINUTE);
  inBounds('maxRoutes', given.maxRoutes, 1, 2_000);
  if (!Number.isInteger(given.maxRoutes)) {
    throw wrong(RangeError, 'maxRoutes', 'a whole number', given.maxRoutes);
  }
  isSwitch('countHttp', given.countHttp);
  isSwitch('forceCollections', given.forceCollections);
  isSwitch('explainLeaks', given.explainLeaks);
  isSwitch('nameSlowTurns', given.nameSlowTurns);
  inBounds('leakHorizonMs', given.leakHorizonMs, MINUTE, 7 * DAY);
  return Object.freeze({
    ...given,
    maxIntervalMs,
    baseline: resolveBaseline(given.baseline),
    reports: resolveReports(given.reports),
    pressureLimits: resolveLimits(options.pressureLimits ?? {}),
  });
}

function resolveLimits(given: Partial<PressureLimits>): PressureLimits {
  refuseUnknown('pressureLimits', given, PRESSURE_CODES);
  const limits: Record<PressureCode, PressureLimit> = { ...DEFAULT_PRESSURE_LIMITS };
  for (const code of PRESSURE_CODES) {
    const limit = given[code];
    if (limit === undefined) continue;
    const name = `pressureLimits.${code}`;
    refuseUnknown(name, limit, ['elevated', 'critical']);
    // Infinity is allowed: it means never.
    inBounds(`${name}.elevated`, limit.elevated, 0, Number.POSITIVE_INFINITY);
    inBounds(`${name}.critical`, limit.critical, limit.elevated, Number.POSITIVE_INFINITY);
    limits[code] = Object.freeze({ ...limit });
  }
  return Object.freeze(limits);
}

function resolveBaseline(given: BaselinePlace | null): BaselinePlace | null {
  if (given === null) return null;
  refuseUnknown('baseline', given, ['file', 'version']);
  isText('baseline.file', given.file, MAX_PATH);
  isText('baseline.version', given.version, MAX_VERSION);
  return Object.freeze({ ...given });
}

function resolveReports(given: ReportFolderOptions | null): ReportFolderOptions | null {
  if (given === null) return null;
  refuseUnknown('reports', given, ['dir', 'max', 'language']);
  return Object.freeze(resolveReportPlace(given));
}

function refuseUnknown(where: string, given: object, known: readonly string[]): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw wrong(TypeError, where, 'an object', given);
  }
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const nearest = nearestName(key, known);
    const hint = nearest === undefined ? `known are ${known.join(', ')}` : `did you mean ${nearest}?`;
    throw new TypeError(`watch: ${where} has no ${JSON.stringify(key)}; ${hint}`);
  }
}

function isSwitch(name: string, value: unknown): void {
  if (typeof value !== 'boolean') throw wrong(TypeError, name, 'true or false', value);
}

function isText(name: string, value: unknown, longest: number): void {
  if (typeof value !== 'string') throw wrong(TypeError, name, 'a text', value);
  if (value === '' || value.length > longest || value.includes('\0')) {
    throw wrong(RangeError, name, `a text of 1 to ${longest} characters`, value);
  }
}

function inBounds(name: string, value: unknown, min: number, max: number): void {
  if (typeof value !== 'number') throw wrong(TypeError, name, 'a number', value);
  if (!(value >= min && value <= max)) throw wrong(RangeError, name, `from ${min} to ${max}`, value);
}

function wrong(
  Kind: typeof TypeError | typeof RangeError,
  name: string,
  expected: string,
  actual: unknown,
): Error {
  const shown =
    typeof actual === 'number' ? String(actual) : (JSON.stringify(actual) ?? String(actual)).slice(0, 60);
  return new Kind(`watch: ${name} must be ${expected}, not ${shown}`);
}

function withoutUndefined(options: GuardOptions): GuardOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

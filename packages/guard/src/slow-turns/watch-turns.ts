import type { Clock, Milliseconds } from '@maque/kit';
import { SECOND } from '@maque/kit';
import { CodePositions } from '../explain/code-positions.ts';
import type { Schedule } from '../sample/schedule.ts';
import { startCpuProfile } from './cpu-profiler.ts';
import { type JudgedTurns, judgeTurns } from './judge-turns.ts';
import { profiledSamples } from './profiled-samples.ts';
import type { SlowFunction, SlowTurnsReport } from './slow-turns-report.ts';
import { type SlowTurn, TurnClock } from './turn-clock.ts';

/** A time of watching that is under way. */
export interface TurnWatch {
  /** Resolves when it is over; null when it was ended from outside, or its profile could not be read. */
  readonly report: Promise<SlowTurnsReport | null>;
  stop(): void;
}

export interface TurnWatchOptions {
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** Paths are shown relative to it. */
  readonly folder: string;
}

// Ten samples in the shortest slow turn: enough to tell who took most of it.
const INTERVAL_MS: Milliseconds = 10;
// Turns that recur within a minute recur within this time, or are rare enough to be waited for another time.
const LONGEST_MS: Milliseconds = 20 * SECOND;
const MAX_SAMPLES = LONGEST_MS / INTERVAL_MS;
// This many name a function beyond doubt.
const ENOUGH_TURNS = 6;

const MAX_FUNCTIONS = 3;
const LEAST_SHARE = 0.1;

/** Profiles this process until some slow turns have come, 20 s at most, and says what they were spent on. */
export function watchTurns(options: TurnWatchOptions): TurnWatch {
  const { clock, schedule, folder } = options;
  const result = Promise.withResolvers<SlowTurnsReport | null>();
  const startedAtMs = clock.monotonic();
  const profile = startCpuProfile(INTERVAL_MS, MAX_SAMPLES);
  const startMs = clock.monotonic() - startedAtMs;
  let over = false;
  const end = (wanted: boolean) => {
    if (over) return;
    over = true;
    cancel();
    const turns = turnClock.stop();
    const stoppedAtMs = clock.monotonic();
    const taken = profile.stop();
    const found =
      wanted && taken !== null
        ? report(turns, judgeTurns(turns, profiledSamples(taken, startedAtMs)), folder)
        : null;
    const pauseMs = startMs + clock.monotonic() - stoppedAtMs;
    const at = new Date(clock.now()).toISOString();
    result.resolve(found === null ? null : { at, watchedMs: stoppedAtMs - startedAtMs, ...found, pauseMs });
  };
  const cancel = schedule(() => end(true), LONGEST_MS);
  const turnClock = new TurnClock(ENOUGH_TURNS, clock, (turns) => {
    if (turns >= ENOUGH_TURNS) end(true);
  });
  return { report: result.promise, stop: () => end(false) };
}

function report(
  turns: readonly SlowTurn[],
  { causes, codeMs, functions }: JudgedTurns,
  folder: string,
): Omit<SlowTurnsReport, 'at' | 'watchedMs' | 'pauseMs'> {
  const lengths = turns.map(({ fromMs, toMs }) => toMs - fromMs);
  const positions = new CodePositions(folder);
  const named = functions
    .map(
      ({ frame, ...rest }): SlowFunction => ({
        ...rest,
        at: positions.of(frame),
        share: rest.totalMs / codeMs,
      }),
    )
    .filter(({ share }) => share >= LEAST_SHARE);
  return {
    turns: turns.length,
    totalMs: lengths.reduce((sum, ms) => sum + ms, 0),
    longestMs: Math.max(0, ...lengths),
    causes,
    functions: named.slice(0, MAX_FUNCTIONS),
  };
}

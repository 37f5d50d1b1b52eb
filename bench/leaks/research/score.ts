import type { LabelledTrace, Listener, Said } from './labelled-trace.ts';
import { median } from './trends.ts';

export const ALARM = 0.9;
// Alarms less than this apart are one.
const EPISODE_SECONDS = 30;

/** What one trace came to. */
export interface Outcome {
  readonly trace: LabelledTrace;
  /** Alarms while nothing leaked, as episodes. */
  readonly falseAlarms: number;
  readonly healthySeconds: number;
  readonly isFound: boolean;
  /** From the first alarm to exhaustion, as a share of the time from the leak's start, or of the horizon if that is less. */
  readonly lead: number;
  /** The highest probability in healthy time, and since the leak began; 0 without such time. */
  readonly highestHealthy: number;
  readonly highestLeaking: number;
  /** Mean squared distance between what was said and what was true. */
  readonly brier: number;
}

export interface Score {
  readonly precision: number;
  readonly recall: number;
  readonly found: number;
  readonly missed: number;
  readonly tracesWithFalseAlarm: number;
  readonly falseAlarmsAnHour: number;
  readonly medianLead: number;
  readonly brier: number;
}

export function judge(trace: LabelledTrace, said: readonly Said[], horizonSeconds: number): Outcome {
  const startSeconds = trace.leak?.startSeconds ?? Number.POSITIVE_INFINITY;
  const exhaustionSeconds = trace.leak?.exhaustionSeconds ?? Number.POSITIVE_INFINITY;
  const before = said.filter(({ seconds }) => seconds < startSeconds);
  const after = said.filter(({ seconds }) => seconds >= startSeconds);
  const first = after.find(({ probability }) => probability >= ALARM);
  const squares = said.map(({ seconds, probability }) => {
    const isTrue = seconds >= startSeconds && exhaustionSeconds - seconds <= horizonSeconds;
    return (probability - (isTrue ? 1 : 0)) ** 2;
  });
  const room = Math.min(horizonSeconds, exhaustionSeconds - startSeconds);
  const left = first === undefined ? 0 : exhaustionSeconds - first.seconds;
  return {
    trace,
    falseAlarms: episodes(before),
    healthySeconds: Math.min(startSeconds, said.at(-1)?.seconds ?? 0),
    isFound: first !== undefined,
    lead: Math.min(1, Math.max(0, left / room)),
    highestHealthy: highest(before),
    highestLeaking: highest(after),
    brier: squares.reduce((sum, square) => sum + square, 0) / Math.max(1, squares.length),
  };
}

export function judgeAll(
  traces: readonly LabelledTrace[],
  listener: Listener,
  horizonSeconds: number,
): Outcome[] {
  return traces.map((trace) => judge(trace, listener(trace), horizonSeconds));
}

/** A trace with an alarm in healthy time counts once against precision, whether it leaks later or not. */
export function scoreOf(outcomes: readonly Outcome[]): Score {
  const leaks = outcomes.filter(({ trace }) => trace.leak !== null);
  const found = leaks.filter(({ isFound }) => isFound);
  const withFalse = outcomes.filter(({ falseAlarms }) => falseAlarms > 0).length;
  const alarms = outcomes.reduce((sum, { falseAlarms }) => sum + falseAlarms, 0);
  const healthyHours = outcomes.reduce((sum, { healthySeconds }) => sum + healthySeconds, 0) / 3600;
  return {
    precision: found.length + withFalse > 0 ? found.length / (found.length + withFalse) : 1,
    recall: leaks.length > 0 ? found.length / leaks.length : 1,
    found: found.length,
    missed: leaks.length - found.length,
    tracesWithFalseAlarm: withFalse,
    falseAlarmsAnHour: alarms / healthyHours,
    medianLead: median(found.map(({ lead }) => lead)),
    brier: outcomes.reduce((sum, { brier }) => sum + brier, 0) / Math.max(1, outcomes.length),
  };
}

function episodes(said: readonly Said[]): number {
  let count = 0;
  let lastSeconds = Number.NEGATIVE_INFINITY;
  for (const { seconds, probability } of said) {
    if (probability < ALARM) continue;
    if (seconds - lastSeconds > EPISODE_SECONDS) count += 1;
    lastSeconds = seconds;
  }
  return count;
}

function highest(said: readonly Said[]): number {
  return said.reduce((most, { probability }) => Math.max(most, probability), 0);
}

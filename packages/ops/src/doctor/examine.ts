import { type Clock, type Milliseconds, SECOND, type Text } from '@maque/kit';
import type { Check, Outcome } from './check.ts';
import type { CheckResult, Examination } from './examination.ts';
import type { Patient } from './patient.ts';

export interface ExamineOptions {
  readonly clock: Clock;
  /** For one check. */
  readonly eachMs?: Milliseconds;
  /** For all of them. */
  readonly allMs?: Milliseconds;
}

// A command gets 5 s (host/local-host.ts); a check that asks two of them in turn still ends by itself.
const EACH_MS: Milliseconds = 12 * SECOND;
// Whoever waits at a terminal on a box that thrashes waits no longer.
const ALL_MS: Milliseconds = 60 * SECOND;
/** Some wait for a second look; the others need not wait for them. More at a time only makes a short box shorter. */
const AT_ONCE = 8;
/** Units or mounts of a server that went out of hand; nobody reads more. */
const MOST_OUTCOMES = 100;

const FAILED: Text = { en: 'the check itself failed: {error}', zh: '检查自身出错：{error}' };
const TOO_SLOW: Text = { en: 'no answer within {seconds} s', zh: '{seconds} 秒内没有结果' };

/** Lets every check look, each within its time. Never rejects: a check that fails or hangs is `unknown`, with the reason. */
export async function examine(
  patient: Patient,
  checks: readonly Check[],
  { clock, eachMs = EACH_MS, allMs = ALL_MS }: ExamineOptions,
): Promise<Examination> {
  const startedAtMs = patient.host.nowMs;
  const endsAt = clock.monotonic() + allMs;
  const results = new Map<Check, CheckResult>();
  const waiting = [...checks];
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const outcomes = await lookFor(check, patient, Math.min(eachMs, endsAt - clock.monotonic()));
      results.set(check, resultOf(check, outcomes));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { startedAtMs, results: checks.flatMap((check) => results.get(check) ?? []) };
}

async function lookFor(check: Check, patient: Patient, limitMs: Milliseconds): Promise<readonly Outcome[]> {
  const limit = Promise.withResolvers<readonly Outcome[]>();
  const tooSlow = unknown(TOO_SLOW, { seconds: Math.max(0, Math.round(limitMs / SECOND)) });
  const timer = setTimeout(() => limit.resolve([tooSlow]), Math.max(0, limitMs));
  try {
    // What fails after its time is up has nobody to tell.
    return await Promise.race([look(check, patient), limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function look(check: Check, patient: Patient): Promise<readonly Outcome[]> {
  try {
    return await check.look(patient);
  } catch (error) {
    return [unknown(FAILED, { error: codeOf(error) })];
  }
}

/** The code alone: what stands in a message may be the line of a file that holds a password. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : error.name;
}

function unknown(reason: Text, data: Readonly<Record<string, unknown>>): Outcome {
  return { kind: 'unknown', reason, data };
}

/** Findings first, should there be too many. */
function resultOf(check: Check, all: readonly Outcome[]): CheckResult {
  const telling = (outcome: Outcome) => (outcome.kind === 'finding' ? 0 : 1);
  const outcomes = all.length <= MOST_OUTCOMES ? all : all.toSorted((a, b) => telling(a) - telling(b));
  return {
    check,
    outcomes: outcomes.slice(0, MOST_OUTCOMES),
    leftOut: Math.max(0, all.length - MOST_OUTCOMES),
  };
}

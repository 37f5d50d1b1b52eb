import { join } from 'node:path';
import type { Confirmation, LeakReport } from '@maque/guard';
import { type ReportedSnapshot, ReportFolder, reportHeadlines } from '@maque/guard/report';
import { refusalText } from '@maque/guard/snapshot';
import {
  type Clock,
  CodedError,
  inBothLanguages,
  type Milliseconds,
  SECOND,
  say,
  systemClock,
  type Text,
} from '@maque/kit';
import { AUTOPSY_TEXT_LIMITS, type AutopsySummary } from './autopsy-summary.ts';
import { diagnosisText } from './autopsy-text.ts';
import type { AutopsyGuard, AutopsyOptions } from './create-autopsy.ts';
import { type Diagnosis, diagnose } from './diagnosis.ts';

// What is left of the time for everything after a snapshot: the report once more, and the last words.
const AFTER_SNAPSHOT_MS: Milliseconds = 2 * SECOND;
// Of what a snapshot takes, the process stands still for a third to a half; then another process redacts and writes.
const BLOCKED_SHARE = 0.3;

const WORDS = {
  noTime: { en: 'no time was left for it', zh: '时间不够' },
  tooLong: { en: 'it took too long', zh: '耗时过长' },
} satisfies Record<string, Text>;

/**
 * Examines this process, which serves nobody any more: full collections, what was watched, a report, and a snapshot of
 * what grows if it fits. The report is on disk before a snapshot is tried, which may be the end of a process.
 * @throws Error when the guard is stopped.
 */
export async function examine(
  guard: AutopsyGuard,
  options: Required<AutopsyOptions>,
  clock: Clock = systemClock,
): Promise<AutopsySummary | null> {
  const examination = new Examination(guard, options, clock);
  return await withinTime(examination.run(), options.maxMs);
}

class Examination {
  readonly #guard: AutopsyGuard;
  readonly #options: Required<AutopsyOptions>;
  readonly #clock: Clock;
  readonly #startedAtMs: Milliseconds;

  constructor(guard: AutopsyGuard, options: Required<AutopsyOptions>, clock: Clock) {
    this.#guard = guard;
    this.#options = options;
    this.#clock = clock;
    this.#startedAtMs = clock.monotonic();
  }

  async run(): Promise<AutopsySummary> {
    // V8's flags may be frozen; then forecasts are all there is.
    const confirmed = await this.#guard.confirm().catch(() => null);
    const diagnosis = diagnose(this.#guard.state().leaks, confirmed);
    const report = await this.#guard.explainNow(confirmed);
    const isWell = diagnosis.verdict === 'healthy';
    // A page on a process that is well would only push another off the disk.
    const reportFile = isWell ? null : await this.#write(report);
    const snapshot = isWell ? null : await this.#takeSnapshot();
    if (snapshot !== null && reportFile !== null) await this.#write({ ...report, snapshot });
    return this.#summary(diagnosis, confirmed, { ...report, snapshot }, reportFile);
  }

  #summary(
    diagnosis: Diagnosis,
    confirmed: Confirmation | null,
    report: LeakReport,
    reportFile: string | null,
  ): AutopsySummary {
    const { pool, bytesPerSecond } = diagnosis;
    const { snapshot, lookFirst, cost } = report;
    const { site } = lookFirst;
    const isWell = diagnosis.verdict === 'healthy';
    const { route, place, lines } = AUTOPSY_TEXT_LIMITS;
    return {
      ...diagnosis,
      bytesPerSecond: bytesPerSecond === null ? null : Math.round(bytesPerSecond),
      liveBytes: pool === null ? null : (confirmed?.live[pool] ?? null),
      limitBytes: pool === null ? null : (confirmed?.limits[pool] ?? null),
      route: isWell ? null : (lookFirst.route?.slice(0, route) ?? null),
      place: isWell || site === null ? null : `${site.function} (${site.file}:${site.line})`.slice(0, place),
      reportFile,
      snapshotFile: snapshot?.outcome === 'taken' ? snapshot.file : null,
      snapshotRefusal: refusalOf(snapshot),
      firstLines: inBothLanguages((language) =>
        [diagnosisText(diagnosis, confirmed, language), ...(isWell ? [] : reportHeadlines(report, language))]
          .join('\n')
          .slice(0, lines),
      ),
      pauseMs: Math.round((confirmed?.pauseMs ?? 0) + cost.pauseMs + cost.reportMs),
      tookMs: Math.round(this.#clock.monotonic() - this.#startedAtMs),
    };
  }

  async #takeSnapshot(): Promise<ReportedSnapshot | null> {
    const { folder, snapshot, maxMs } = this.#options;
    if (snapshot === 'never' || folder === null) return null;
    const leftMs = maxMs - (this.#clock.monotonic() - this.#startedAtMs) - AFTER_SNAPSHOT_MS;
    if (leftMs <= 0) return { outcome: 'failed', reason: WORDS.noTime };
    try {
      const limits = { folder: join(folder, 'snapshots'), maxBlockedMs: leftMs * BLOCKED_SHARE };
      const result = await withinTime(this.#guard.snapshot(limits), leftMs);
      if (result === null) return { outcome: 'failed', reason: WORDS.tooLong };
      return result.taken
        ? { outcome: 'taken', file: result.file }
        : { outcome: 'refused', refusals: result.refusals };
    } catch (error) {
      return { outcome: 'failed', reason: failureText(error) };
    }
  }

  /** A full disk must not cost the finding. */
  async #write(report: LeakReport): Promise<string | null> {
    const { folder, language } = this.#options;
    if (folder === null) return null;
    try {
      return await new ReportFolder({ dir: folder, language }).write(report);
    } catch (error) {
      process.emitWarning(`The leak report was not written: ${error}`, { code: 'MAQUE_AUTOPSY' });
      return null;
    }
  }
}

function failureText(error: unknown): Text {
  return inBothLanguages((language) =>
    error instanceof CodedError
      ? error.messageIn(language)
      : String(error).slice(0, AUTOPSY_TEXT_LIMITS.reason),
  );
}

function refusalOf(snapshot: ReportedSnapshot | null): Text | null {
  if (snapshot === null || snapshot.outcome === 'taken') return null;
  const { reason } = AUTOPSY_TEXT_LIMITS;
  return inBothLanguages((language) =>
    (snapshot.outcome === 'failed'
      ? say(snapshot.reason, language)
      : snapshot.refusals.map((refusal) => refusalText(refusal, language)).join('; ')
    ).slice(0, reason),
  );
}

/** Null when it takes longer; what it comes to then is nobody's business any more. */
async function withinTime<Result>(work: Promise<Result>, maxMs: Milliseconds): Promise<Result | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, maxMs, null);
  });
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

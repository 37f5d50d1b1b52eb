import { HOUR, type Language, type Milliseconds, systemClock } from '@maque/kit';
import type { SuspicionReport } from '../explain/explaining.ts';
import { reportHeadlines } from '../explain/report-text.ts';
import { alertOnSamples, type SampleSource } from './alert-on-samples.ts';
import type { AlertOptions } from './alert-options.ts';
import type { Alerter } from './alerter.ts';

/** A guard, as far as alerts ask. */
export interface AlertedGuard extends SampleSource {
  readonly lastReport: SuspicionReport | null;
}

// A report is made within two minutes of the suspicion; one that is much older tells of another leak.
const NOTE_MAX_AGE_MS: Milliseconds = HOUR;

/**
 * Alerts for a process that watches itself, with what the newest leak report names.
 * @throws CodedError as `createAlerter`.
 */
export function alertOnGuard(guard: AlertedGuard, options: AlertOptions, horizonMs?: Milliseconds): Alerter {
  const alerter = alertOnSamples(guard, options, {
    note: () => reportNote(guard.lastReport, alerter.language, systemClock.now()),
    ...(horizonMs === undefined ? {} : { horizonMs }),
  });
  return alerter;
}

/** What a report names and where it lies; null when there is none, or when it is from another time. */
export function reportNote(made: SuspicionReport | null, language: Language, now: number): string | null {
  if (made === null || now - Date.parse(made.report.at) > NOTE_MAX_AGE_MS) return null;
  const lines = reportHeadlines(made.report, language);
  return [...lines, ...(made.file === null ? [] : [made.file])].join('\n');
}

import { HOUR, type Milliseconds } from '@maque/kit';
import type { SuspicionReport } from './explaining.ts';

// A report is made within two minutes of the suspicion; one that is much older tells of another leak.
const MAX_AGE_MS: Milliseconds = HOUR;
// It travels with every heartbeat, and ends in a message on a phone.
const MAX_LENGTH = 1_000;

/** What a report names and where it lies, to go with an alert; null when there is none, or it is from another time. */
export function reportNote(made: SuspicionReport | null, now: number): string | null {
  if (made === null || now - Date.parse(made.report.at) > MAX_AGE_MS) return null;
  const lines = [...made.headlines, ...(made.file === null ? [] : [made.file])];
  return lines.join('\n').slice(0, MAX_LENGTH);
}

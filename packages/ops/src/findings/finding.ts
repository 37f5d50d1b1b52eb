import type { Text, TextData } from '@maque/kit';

export type Severity = 'critical' | 'warning' | 'info';

/** Something that was found, as data: what it is, what shows it, and what to do. A code is never used for another thing. */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly text: Text;
  readonly data: TextData;
  /** The very lines to write or to type; empty where there is nothing to copy. */
  readonly fix: readonly FixLine[];
}

/** A command to type, or lines of a file. */
export interface FixLine {
  readonly where: Text;
  readonly lines: readonly string[];
}

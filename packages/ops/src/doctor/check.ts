import type { Text, TextData } from '@maque/kit';
import type { FixLine, Severity } from '../findings/finding.ts';
import type { Patient } from './patient.ts';

/** What a check is about, in the order in which findings are shown. */
export const CHECK_GROUPS = [
  'memory',
  'units',
  'node',
  'database',
  'redis',
  'front',
  'disk',
  'neighbours',
] as const;
export type CheckGroup = (typeof CHECK_GROUPS)[number];

/** A change to one file that is safe to make: shown, asked for, backed up, and undone byte for byte. */
export interface Repair {
  readonly path: string;
  /** The whole new content, made from the old one; null where there was no such file. */
  readonly rewrite: (before: string | null) => string;
  /** What makes it count, such as `sysctl --system`. */
  readonly apply?: readonly [command: string, ...args: string[]];
}

/** What a check came to. Several, where it looks at several things: one a unit, one a mount. */
export type Outcome =
  | { readonly kind: 'ok'; readonly evidence: string }
  | {
      readonly kind: 'finding';
      readonly severity: Severity;
      /** What is wrong, with the numbers that were seen. */
      readonly text: Text;
      readonly data: TextData;
      /** What was seen, as it was read: a line of a file, a value, a command's answer. */
      readonly evidence: string;
      readonly fix: readonly FixLine[];
      readonly repair?: Repair;
    }
  /** It could not look; the reason says what it needs, such as root. Never `ok`. */
  | { readonly kind: 'unknown'; readonly reason: Text; readonly data: TextData }
  /** There is no such service here. */
  | { readonly kind: 'not-applicable' };

/** One thing that can be wrong with a small server. One file each; all of them stand in `check-list.ts`. */
export interface Check {
  /** For ever: `A1`. */
  readonly id: string;
  /** `mem-available`. */
  readonly name: string;
  readonly group: CheckGroup;
  readonly title: Text;
  /** Why it matters, in a sentence or two, with the number or source behind the threshold. */
  readonly why: Text;
  /** For a beginner who has never heard of it: what the thing is, and what happens if nothing is done. */
  readonly explanation: Text;
  look(patient: Patient): Promise<readonly Outcome[]>;
}

import type { Kill, KillMechanism } from './kill.ts';
import type { LogLine } from './log-line.ts';

/** How somebody words a kill. `hint` is a word that the line must have: looked for first, since that is cheap. */
export interface Recogniser {
  readonly hint: string;
  readonly pattern: RegExp;
  /** Undefined where it only looked like one. */
  readonly kill: (
    match: RegExpExecArray,
    line: LogLine,
  ) => (Partial<Kill> & { readonly mechanism: KillMechanism }) | undefined;
}

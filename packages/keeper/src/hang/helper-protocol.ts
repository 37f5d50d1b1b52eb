import type { HangStack } from './hang-finding.ts';

/** What the helper is asked, as the one line on its standard input: an address there is seen by nobody else. */
export interface HelperRequest {
  /** The inspector's address: `ws://127.0.0.1:PORT/UUID`. */
  readonly url: string;
  /** `close` only closes the inspector again. */
  readonly task: 'capture' | 'close';
  /** Paths are shown relative to it. */
  readonly folder: string;
  /** When its answer must be there, ms since the epoch: its own start, long on a starved core, is counted in. */
  readonly answerByMs: number;
}

/** What it answers, as a line of JSON on its standard output; null when no code ran. */
export interface HelperAnswer {
  readonly stack: Omit<HangStack, 'nativeMs'> | null;
}

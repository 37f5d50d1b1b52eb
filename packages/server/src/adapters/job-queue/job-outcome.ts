import { MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import type {
  HopelessJobError,
  JobHandler,
  JobHandlerOptions,
  PostponedJobError,
} from '../../ports/index.ts';

/** A handler and all that is left to say about it. */
export interface JobKind extends Required<JobHandlerOptions> {
  readonly name: string;
  readonly handler: JobHandler;
}

/** What is to become of a job after a try. */
export type JobOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly delayMs: Milliseconds; readonly isCounted: boolean }
  | { readonly kind: 'dead'; readonly reason: string };

const FIRST_DELAY_MS: Milliseconds = SECOND;
const LONGEST_DELAY_MS: Milliseconds = 10 * MINUTE;

export function kindOf(
  name: string,
  handler: JobHandler,
  { concurrency = 1, timeoutMs = MINUTE, maxAttempts = 10, retryDelayMs }: JobHandlerOptions,
  random: () => number,
): JobKind {
  return {
    ...{ name, handler, concurrency, timeoutMs, maxAttempts },
    retryDelayMs: retryDelayMs ?? ((attempt) => defaultRetryDelay(attempt, random())),
  };
}

/** What a failed try leads to. */
export function outcomeOf(error: unknown, attempt: number, kind: JobKind): JobOutcome {
  if (isPostponed(error)) return { kind: 'again', delayMs: error.delayMs, isCounted: false };
  if (isHopeless(error) || attempt >= kind.maxAttempts) {
    return { kind: 'dead', reason: reasonOf(error) };
  }
  return { kind: 'again', delayMs: kind.retryDelayMs(attempt), isCounted: true };
}

/** 1 s, 2 s, 4 s … 10 min, less up to half: what failed together shall not all come back at once. */
export function defaultRetryDelay(attempt: number, random: number): Milliseconds {
  const longest = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS);
  return Math.round(longest * (1 - random / 2));
}

// By their names: what an app is built with may carry these classes a second time.
function isPostponed(error: unknown): error is PostponedJobError {
  return error instanceof Error && error.name === 'PostponedJobError';
}

function isHopeless(error: unknown): error is HopelessJobError {
  return error instanceof Error && error.name === 'HopelessJobError';
}

function reasonOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}

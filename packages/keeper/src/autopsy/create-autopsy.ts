import type { Guard } from '@maque/guard';
import { type Language, type Milliseconds, SECOND } from '@maque/kit';
import type { AutopsySummary } from './autopsy-summary.ts';

export interface AutopsyOptions {
  /** Where reports go, and snapshots into a folder of it; made for its owner only. Null writes neither. */
  readonly folder: string | null;
  /** Of the report's Markdown. */
  readonly language: Language;
  /** `when-it-fits`: memory, disk and time permitting, and only of what grows; that unless told. */
  readonly snapshot?: 'when-it-fits' | 'never';
  /** How long all of it may take; 30 s unless told: whoever waits for the memory is not kept longer. */
  readonly maxMs?: Milliseconds;
}

/** What of a guard is needed. */
export type AutopsyGuard = Pick<Guard, 'confirm' | 'explainNow' | 'snapshot' | 'state'>;

const MAX_MS: Milliseconds = 30 * SECOND;

/**
 * Prepares what a worker does after its last request when a leak is suspected. What does it is loaded only then.
 * @returns a function that examines this process; null when that failed or took too long. Never rejects.
 */
export function createAutopsy(
  guard: AutopsyGuard,
  { snapshot = 'when-it-fits', maxMs = MAX_MS, ...options }: AutopsyOptions,
): () => Promise<AutopsySummary | null> {
  return async () => {
    try {
      const { examine } = await import('./examine.ts');
      return await examine(guard, { ...options, snapshot, maxMs });
    } catch (error) {
      process.emitWarning(`The autopsy failed: ${error}`, { code: 'MAQUE_AUTOPSY' });
      return null;
    }
  };
}

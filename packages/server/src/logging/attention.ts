import type { WorkerLink } from '@maque/keeper/worker-link';
import type { CodedError, Language } from '@maque/kit';
import type { Logger } from './logger.ts';

/** Tells an operator of something: in the log with all that is known, and through the keeper where alerts go. */
export type Attention = (error: CodedError & { adviceIn?(language: Language): string }) => void;

export function createAttention(log: Logger, link: WorkerLink, language: Language): Attention {
  return (error) => {
    const advice = error.adviceIn?.(language);
    log.error({ err: error, ...(advice === undefined ? {} : { advice }) }, 'somebody has to see to this');
    link.attention({ code: error.code, message: advice ?? error.messageIn(language) });
  };
}

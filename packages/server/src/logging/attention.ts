import type { WorkerLink } from '@maque/keeper/worker-link';
import type { CodedError, Language } from '@maque/kit';
import type { Logger } from './logger.ts';
import { redactText } from './redact.ts';

/** Tells an operator of something: in the log with all that is known, and through the keeper where alerts go. */
export type Attention = (error: CodedError & { adviceIn?(language: Language): string }) => void;

export function createAttention(
  log: Logger,
  link: Pick<WorkerLink, 'attention'>,
  language: Language,
): Attention {
  return (error) => {
    const advice = error.adviceIn?.(language);
    log.error({ err: error, ...(advice === undefined ? {} : { advice }) }, 'somebody has to see to this');
    // It ends in a chat; the reason of a job that died, say, is the message of any error.
    link.attention({ code: error.code, message: redactText(advice ?? error.messageIn(language)) });
  };
}

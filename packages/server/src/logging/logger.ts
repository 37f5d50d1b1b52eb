import type { LineBuffer } from '@maque/keeper/log-file';
import { type Logger as Pino, pino } from 'pino';
import { currentRequest } from '../http/request-context.ts';
import { redact } from './redact.ts';
import { terminalLine } from './terminal-lines.ts';

/** What modules may log with: an object of facts and a sentence. Secrets in either are taken out. */
export type Logger = Pick<Pino, 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'>;

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly workerId: string;
  /** Is given each warning and error besides, as lines for a person. */
  readonly tell?: ((line: string) => void) | undefined;
}

/**
 * The log of one worker, as JSON lines. What is logged here is rare (the access log has its own, cheaper way), so
 * every argument goes through {@link redact}.
 */
export function createLogger(lines: LineBuffer, options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: { worker: options.workerId },
      // Whatever is logged for a request can be found by its id: calls of WeChat, slow queries, an app's own lines.
      mixin() {
        const request = currentRequest();
        return request === undefined ? {} : { request: request.id };
      },
      hooks: {
        logMethod(args, method, level) {
          const clean = args.map((arg) => (arg instanceof Error ? { err: redact(arg) } : redact(arg)));
          method.apply(this, clean as Parameters<typeof method>);
          const line = options.tell === undefined ? undefined : terminalLine(level, clean);
          if (line !== undefined) options.tell?.(line);
        },
      },
    },
    lines,
  );
}

/** A log that nobody reads. */
export const silentLogger: Logger = pino({ enabled: false });

import { CodedError, SettingsError } from '@maque/kit';
import type { ExitCode, Surroundings } from './command.ts';

/**
 * Tells a failure in the reader's language: a sentence for what we know, the stack for what we do not.
 * @returns the exit code that goes with it.
 */
export function reportFailure(
  error: unknown,
  { terminal, language }: Pick<Surroundings, 'terminal' | 'language'>,
): ExitCode {
  const mark = terminal.style('red', '✖');
  if (error instanceof SettingsError) {
    for (const line of error.linesIn(language)) terminal.error(`${mark} ${line}`);
  } else if (error instanceof CodedError) {
    terminal.error(`${mark} ${withCode(error.messageIn(language), error.code)}`);
    for (const { issue } of error.detailsIn(language)) terminal.error(`  - ${issue}`);
  } else if (error instanceof AggregateError) {
    for (const each of error.errors) reportFailure(each, { terminal, language });
  } else {
    terminal.error(`${mark} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  return 1;
}

/** Behind the sentence; where a list follows, before its colon. */
function withCode(message: string, code: string): string {
  const [, sentence = message, colon = ''] = /^(.*?)([:\uff1a])$/s.exec(message) ?? [];
  return `${sentence} (${code})${colon}`;
}

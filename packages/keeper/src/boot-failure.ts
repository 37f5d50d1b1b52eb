import { type CodedError, type Language, say, type Text } from '@maque/kit';
import { keeperErrors } from './keeper-errors.ts';
import type { BootFailure } from './policy/model.ts';
import { describeExit } from './process/exit-cause.ts';

/** Everything that is known of a start that failed; the data of `BOOT_FAILED`. */
export interface BootFailureData extends BootFailure {
  readonly script: string;
  readonly cause: string;
  /** The last lines that it wrote to stderr. */
  readonly lines: readonly string[];
}

const TEXTS = {
  head: { en: '{script} does not start.', zh: '{script} 无法启动。' },
  lines: { en: 'The last lines it wrote:', zh: '它最后的输出：' },
} satisfies Record<string, Text>;

// More than a stack trace and less than a screen.
const SHOWN_LINES = 24;

export function bootFailed(script: string, failure: BootFailure, lines: readonly string[]): CodedError {
  const data: BootFailureData = {
    script,
    ...failure,
    lines,
    cause: failure.told?.code ?? failure.exit.cause,
  };
  return keeperErrors.BOOT_FAILED({ data: { ...data } });
}

/** The block that a person reads when the first worker does not start: what, why, and the worker's own last lines. */
export function describeBootFailure(error: CodedError, language: Language): string {
  const { script, exit, told, lines } = error.data as unknown as BootFailureData;
  const why = told === null ? describeExit(exit, language) : `${told.message} (${told.code})`;
  const block = [say(TEXTS.head, language, { script }), `  ${why}`];
  if (lines.length > 0) {
    block.push(`  ${say(TEXTS.lines, language)}`, ...lines.slice(-SHOWN_LINES).map((line) => `  | ${line}`));
  }
  return block.join('\n');
}

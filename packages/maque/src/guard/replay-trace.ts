import { resolve } from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import { type ReplaySummary, type ReplayVerdict, replay } from '@maque/guard/replay';
import { type Milliseconds, parseDuration, say, type Text } from '@maque/kit';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import type { Terminal } from '../cli/terminal.ts';

const WORDS = {
  skipped: {
    en: '{samples} samples; {skipped} lines skipped: no sample, or back in time',
    zh: '{samples} 个样本；跳过 {skipped} 行（不是样本，或时间倒退）',
  },
} satisfies Record<string, Text>;

const STANDARD_INPUT = '-';

/** `maque guard replay`: what the detector says of each pool as a recording goes on, one line of JSON each. */
export async function replayTrace(invocation: Invocation): Promise<ExitCode> {
  const {
    arguments: [trace],
    options,
    surroundings: { terminal, language, cwd },
  } = invocation;
  if (trace === undefined) {
    throw commandErrors.ARGUMENT_MISSING({ data: { name: 'guard replay', usage: '<trace.jsonl[.gz]>' } });
  }
  const horizonMs = readDuration('--horizon', options.horizon);
  const everyMs = readDuration('--every', options.every);
  const verdicts = replay(trace === STANDARD_INPUT ? trace : resolve(cwd, trace), {
    ...(horizonMs === undefined ? {} : { horizonMs }),
    ...(everyMs === undefined ? {} : { everyMs }),
  });
  const summary = await print(verdicts, terminal).catch((error: unknown) => {
    throw isSystemError(error)
      ? commandErrors.TRACE_UNREADABLE({ data: { trace, reason: getSystemErrorMessage(error.errno) } })
      : error;
  });
  if (summary === undefined) return 0;
  const { samples, skipped } = summary;
  if (samples === 0) throw commandErrors.TRACE_WITHOUT_SAMPLES({ data: { trace, skipped } });
  if (skipped > 0) terminal.error(say(WORDS.skipped, language, { samples, skipped }));
  return 0;
}

/** Prints until the end, or until the reader goes away (`| head`): then there is nothing to sum up. */
async function print(
  verdicts: AsyncGenerator<ReplayVerdict, ReplaySummary | undefined>,
  terminal: Terminal,
): Promise<ReplaySummary | undefined> {
  for (;;) {
    const next = terminal.isClosed() ? await verdicts.return(undefined) : await verdicts.next();
    if (next.done === true) return next.value;
    terminal.out(JSON.stringify(next.value));
  }
}

function readDuration(option: string, raw: string | boolean | undefined): Milliseconds | undefined {
  if (typeof raw !== 'string') return undefined;
  try {
    const ms = parseDuration(raw);
    if (ms > 0) return ms;
  } catch {
    // Told below, like zero.
  }
  throw commandErrors.DURATION_INVALID({ data: { option, value: raw } });
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly errno: number } {
  return error instanceof Error && 'errno' in error && typeof error.errno === 'number';
}

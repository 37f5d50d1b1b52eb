import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type CodedError, type ErrorMakers, type ErrorTable, MINUTE, type Milliseconds } from '@maque/kit';
import { comparisonErrors } from './comparison-errors.ts';
import type { HelperAnswer, HelperRequest } from './helper-protocol.ts';
import { snapshotErrors } from './snapshot-errors.ts';
import { snapshotFormatErrors } from './snapshot-format-errors.ts';

/** A helper that is at work. */
export interface RunningHelper {
  readonly process: ChildProcess;
  /** Resolves when it has started and waits for work. Rejects as `answer` does. */
  readonly ready: Promise<void>;
  /** What it answers in the end; rejects with the CodedError that it met, or SNAPSHOT_HELPER_ENDED. */
  readonly answer: Promise<Answered>;
}

export type Answered = Exclude<HelperAnswer, { kind: 'ready' | 'failed' }>;

// Objects of its own are few: what is large are typed arrays, which are outside of these.
const HELPER_FLAGS = ['--max-old-space-size=48', '--max-semi-space-size=1'];

// Twenty times what 400 MB take on two cores.
const HELPER_TIMEOUT_MS: Milliseconds = 10 * MINUTE;

// A report of ten constructors with their paths is 20 KB.
const MAX_ANSWER = 1024 * 1024;

/**
 * Starts the helper. It gets nothing of this process's environment and flags: neither NODE_OPTIONS, which may load the
 * app's own tools into it, nor anything secret.
 * @param output - descriptor of the file to which it writes.
 */
export function runHelper(request: HelperRequest, output?: number): RunningHelper {
  const input = request.task === 'write' ? 'pipe' : 'ignore';
  const stdio: StdioOptions = [input, 'pipe', 'ignore'];
  if (output !== undefined) stdio.push(output);
  const child = spawn(process.execPath, [...HELPER_FLAGS, helperScript(), JSON.stringify(request)], {
    stdio,
    env: {},
    timeout: HELPER_TIMEOUT_MS,
    killSignal: 'SIGKILL',
    windowsHide: true,
  });
  const ready = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Answered>();
  // Whoever waits for one of the two need not have the other.
  ready.promise.catch(() => {});
  answer.promise.catch(() => {});
  const settle = {
    ready: () => ready.resolve(),
    answered: (told: Answered) => answer.resolve(told),
    failed: (error: unknown) => {
      ready.reject(error);
      answer.reject(error);
    },
  };
  listen(child, settle);
  return { process: child, ready: ready.promise, answer: answer.promise };
}

interface Settle {
  ready(): void;
  answered(told: Answered): void;
  failed(error: unknown): void;
}

function listen(child: ChildProcess, settle: Settle): void {
  child.once('error', (error) => {
    settle.failed(snapshotErrors.SNAPSHOT_HELPER_ENDED({ data: { how: error.message }, cause: error }));
  });
  child.once('close', (code, signal) => {
    settle.failed(snapshotErrors.SNAPSHOT_HELPER_ENDED({ data: { how: signal ?? `exit ${code}` } }));
  });
  // Broken pipes are told by what ended it.
  child.stdin?.on('error', () => {});
  if (child.stdout === null) return;
  let length = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > MAX_ANSWER) child.kill('SIGKILL');
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const told = answerIn(line);
    if (told === null) return;
    if (told.kind === 'ready') settle.ready();
    else if (told.kind === 'failed') settle.failed(rebuilt(told));
    else settle.answered(told);
  });
}

/** Null for what is no whole answer: a helper that is killed may be in the middle of one. */
function answerIn(line: string): HelperAnswer | null {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** The helper's error, made anew with the same code and data, so that it can be told in any language. */
function rebuilt({ code, message, data }: HelperAnswer & { kind: 'failed' }): CodedError {
  if (code === 'ENOSPC' || code === 'EDQUOT') return snapshotErrors.SNAPSHOT_DISK_FULL();
  const makers: ErrorMakers<ErrorTable> = { ...snapshotErrors, ...comparisonErrors, ...snapshotFormatErrors };
  return makers[code]?.({ data }) ?? snapshotErrors.SNAPSHOT_FAILED({ data: { reason: message } });
}

/** It lies beside this file; in a bundle, beside the entries, and this file in a folder of chunks below them. */
function helperScript(): string {
  const name = `snapshot-helper${extname(import.meta.url)}`;
  const beside = fileURLToPath(new URL(name, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../${name}`, import.meta.url));
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { Milliseconds } from '@maque/kit';
import { waitUntil } from './wait-until.ts';

export interface SpawnOptions {
  readonly cwd?: string;
  /** The whole environment; by default the one of this process. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process under test with all its children; killed when its scope ends, whatever the test did. */
export interface TestProcess extends AsyncDisposable {
  readonly pid: number;
  /** Both streams as they came, at most the last 256 KiB of each. */
  stdout(): string;
  stderr(): string;
  /** Waits for a line of either stream. @throws Error with the output when there is none in time or before the end. */
  line(pattern: RegExp, deadlineMs?: Milliseconds): Promise<RegExpExecArray>;
  ended(): boolean;
  /** Waits for the end. @throws Error after the deadline. */
  exit(deadlineMs?: Milliseconds): Promise<ProcessExit>;
  /** Sends a signal to the process alone, as a supervisor does. */
  signal(signal: NodeJS.Signals): void;
  /** Sends a signal to the process and its children, as Ctrl-C in a terminal does. */
  signalGroup(signal: NodeJS.Signals): void;
}

// More than any command of ours prints; a process that prints without end must not fill the test's memory.
const MOST_OUTPUT_CHARACTERS = 256 * 1024;

const running = new Set<number>();
process.on('exit', () => {
  for (const pid of running) killGroup(pid, 'SIGKILL');
});

/** Starts a command in a process group of its own. @throws Error when it cannot be started. */
export async function spawnProcess(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<TestProcess> {
  const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  running.add(pid);
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const output = () => `${stdout()}\n${stderr()}`;
  const closed = once(child, 'close');

  return {
    pid,
    stdout,
    stderr,
    line: (pattern, deadlineMs = 15_000) => waitForLine(child, output, pattern, deadlineMs),
    ended: () => hasEnded(child),
    async exit(deadlineMs = 15_000) {
      await waitUntil(`the end of ${command} ${args.join(' ')}`, () => hasEnded(child), deadlineMs);
      await closed;
      return { code: child.exitCode, signal: child.signalCode };
    },
    signal: (signal) => void child.kill(signal),
    signalGroup: (signal) => killGroup(pid, signal),
    async [Symbol.asyncDispose]() {
      killGroup(pid, 'SIGKILL');
      await closed;
      running.delete(pid);
    },
  };
}

async function waitForLine(
  child: ChildProcess,
  output: () => string,
  pattern: RegExp,
  deadlineMs: Milliseconds,
): Promise<RegExpExecArray> {
  const ask = () => firstMatch(output(), pattern) ?? hasEnded(child);
  const answer = await waitUntil(String(pattern), ask, deadlineMs).catch(() => undefined);
  // What came between the last look and the end still counts.
  const match = typeof answer === 'object' ? answer : firstMatch(output(), pattern);
  if (match === undefined) throw new Error(`no line like ${pattern} in:\n${output()}`);
  return match;
}

function firstMatch(output: string, pattern: RegExp): RegExpExecArray | undefined {
  for (const line of output.split('\n')) {
    const match = pattern.exec(line);
    if (match !== null) return match;
  }
  return undefined;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function collect(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text = (text + chunk).slice(-MOST_OUTPUT_CHARACTERS);
  });
  return () => text;
}

/** A group that is already gone is no error: that is what was wanted. */
function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

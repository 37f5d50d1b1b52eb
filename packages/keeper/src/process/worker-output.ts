import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { type Milliseconds, RingBuffer } from '@maque/kit';
import { LineSplitter } from './line-splitter.ts';

/** One line that a worker wrote. */
export interface OutputLine {
  readonly worker: string;
  readonly stream: 'stdout' | 'stderr';
  /** Without its end; cut after 16 Ki characters. */
  readonly text: string;
}

/** `inherit` writes through; a function gets each line instead. */
export type OutputMode = 'inherit' | ((line: OutputLine) => void);

// V8's report of an exhausted heap is some 50 lines long and says so near its top; a stack trace is 12.
const TAIL_LINES = 60;
const TAIL_LINE_LENGTH = 400;

// The pipe is empty some microseconds after the exit, unless a process that the worker started holds it open.
const LAST_LINES_WAIT_MS = 100;

/** What a worker writes. Its last lines of stderr are kept: they are the best account of its death. */
export class WorkerOutput {
  readonly #tail = new RingBuffer<string>(TAIL_LINES);
  readonly #ended: Promise<void>;
  readonly #awaited = new Set<(line: string | null) => void>();

  constructor(worker: string, child: ChildProcess, mode: OutputMode) {
    const { stdout, stderr } = child;
    if (stdout !== null && mode !== 'inherit') {
      readLines(stdout, (text) => mode({ worker, stream: 'stdout', text }));
    }
    this.#ended = new Promise((resolve) => {
      if (stderr === null) return resolve();
      readLines(stderr, (text) => {
        for (const look of this.#awaited) look(text);
        this.#tail.push(text.slice(0, TAIL_LINE_LENGTH));
        if (mode !== 'inherit') mode({ worker, stream: 'stderr', text });
      });
      if (mode === 'inherit') writeThrough(stderr, process.stderr);
      stderr.once('close', resolve);
    });
  }

  /** The next line of stderr that matches; null when none does in time, or it ends. */
  nextLine(match: RegExp, timeoutMs: Milliseconds): Promise<string | null> {
    return new Promise((resolve) => {
      const look = (line: string | null) => {
        if (line !== null && !match.test(line)) return;
        clearTimeout(timer);
        this.#awaited.delete(look);
        resolve(line);
      };
      const timer = setTimeout(look, timeoutMs, null);
      timer.unref();
      this.#awaited.add(look);
      void this.#ended.then(() => look(null));
    });
  }

  /** The last lines of stderr, once they are all here. */
  async lastLines(): Promise<readonly string[]> {
    let timer: NodeJS.Timeout | undefined;
    const waited = new Promise((resolve) => {
      timer = setTimeout(resolve, LAST_LINES_WAIT_MS);
    });
    await Promise.race([this.#ended, waited]);
    clearTimeout(timer);
    return [...this.#tail];
  }
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  const splitter = new LineSplitter(onLine);
  stream.on('data', (chunk: Uint8Array) => splitter.push(chunk));
  stream.once('end', () => splitter.end());
  stream.on('error', () => {});
}

/** Like `pipe`, without its five listeners on the target for each worker: a slow target slows the worker, not our heap. */
function writeThrough(source: Readable, target: NodeJS.WriteStream): void {
  // A terminal or a log pipe that goes away must not take the keeper along.
  if (target.listenerCount('error') === 0) target.on('error', () => {});
  source.on('data', (chunk: Uint8Array) => {
    if (target.write(chunk)) return;
    source.pause();
    target.once('drain', () => source.resume());
  });
}

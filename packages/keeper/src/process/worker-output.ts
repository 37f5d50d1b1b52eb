import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { type Bytes, type Milliseconds, systemClock } from '@maque/kit';
import { FloodGarbage } from '../logs/flood-garbage.ts';
import { OutputPace } from '../logs/output-pace.ts';
import { OutputTail } from '../logs/output-tail.ts';
import { readPacedLines } from '../logs/read-paced-lines.ts';
import { writeThrough } from '../logs/write-through.ts';
import { LineSplitter } from './line-splitter.ts';

/** One line that a worker wrote. */
export interface OutputLine {
  readonly worker: string;
  readonly stream: 'stdout' | 'stderr';
  /** Without its end; cut after 16 Ki characters. */
  readonly text: string;
  /** What was dropped just before it, because the worker printed too much at once. */
  readonly droppedBytes?: Bytes;
}

/**
 * `inherit` shows everything where the keeper's own output goes; stdout does not even pass through the keeper. A function gets each line
 * instead, up to 1 MiB a second for each stream.
 */
export type OutputMode = 'inherit' | ((line: OutputLine) => void);

// The pipe is empty some microseconds after the exit, unless a process that the worker started holds it open.
const LAST_LINES_WAIT_MS: Milliseconds = 100;

const STDERR = 2;

// One for all workers: their floods end up in one heap.
const garbage = new FloodGarbage();

// What Node's inspector prints beside its address when somebody talks to it.
const INSPECTOR_CHATTER =
  /^(Debugger (listening on|attached|ending on)|Waiting for the debugger to disconnect|For help, see: https:\/\/nodejs\.org\/)/;

/** What a worker writes. Its last lines of stderr are kept: they are the best account of its death. */
export class WorkerOutput {
  readonly #tail = new OutputTail();
  readonly #ended: Promise<void>;
  readonly #stderr: Readable | null;
  #awaited: { readonly match: RegExp; readonly answer: (line: string | null) => void } | undefined;
  /** Somebody has asked for a line, so what the inspector says is not the app's. */
  #isInspected = false;

  constructor(worker: string, child: ChildProcess, mode: OutputMode) {
    const { stdout, stderr } = child;
    this.#stderr = stderr;
    for (const stream of [stdout, stderr]) {
      stream?.on('data', (chunk: Uint8Array) => garbage.add(chunk.length));
    }
    if (stdout !== null && mode !== 'inherit') {
      readPacedLines(stdout, new OutputPace(), systemClock, (text, dropped) =>
        mode({ worker, stream: 'stdout', text, ...dropped }),
      );
    }
    if (stderr === null) this.#ended = Promise.resolve();
    else
      this.#ended = mode === 'inherit' ? this.#writeThrough(stderr) : this.#readLines(stderr, worker, mode);
    stderr?.once('close', () => this.#awaited?.answer(null));
  }

  /** The last lines of stderr, once they are all here. */
  async lastLines(): Promise<readonly string[]> {
    let timer: NodeJS.Timeout | undefined;
    const waited = new Promise((resolve) => {
      timer = setTimeout(resolve, LAST_LINES_WAIT_MS);
    });
    await Promise.race([this.#ended, waited]);
    clearTimeout(timer);
    return this.#tail.lines().filter((line) => !this.#isHidden(line));
  }

  /**
   * Waits for a line of stderr that matches. It is not shown, and from now on nothing that Node's inspector prints of
   * its own accord is. One at a time.
   * @returns null when it does not come in time, the worker ends, or another line is waited for.
   */
  nextLine(match: RegExp, timeoutMs: Milliseconds): Promise<string | null> {
    if (this.#awaited !== undefined || this.#stderr === null || this.#stderr.closed)
      return Promise.resolve(null);
    this.#isInspected = true;
    return new Promise((resolve) => {
      const answer = (line: string | null) => {
        clearTimeout(timer);
        this.#awaited = undefined;
        resolve(line);
      };
      const timer = setTimeout(answer, timeoutMs, null);
      this.#awaited = { match, answer };
    });
  }

  /** Whether a line is for whoever waits for it, or nobody's business. */
  #isTaken(line: string): boolean {
    if (this.#awaited?.match.test(line) === true) {
      this.#awaited.answer(line);
      return true;
    }
    return this.#isHidden(line);
  }

  #isHidden(line: string): boolean {
    return this.#isInspected && INSPECTOR_CHATTER.test(line);
  }

  #readLines(stderr: Readable, worker: string, mode: (line: OutputLine) => void): Promise<void> {
    const pace = new OutputPace();
    // A worker that hangs may do so because it prints without end; the line that is waited for must not be dropped.
    const admits = (bytes: Bytes, nowMs: Milliseconds) =>
      this.#awaited !== undefined || pace.admits(bytes, nowMs);
    stderr.on('data', (chunk: Uint8Array) => this.#tail.push(chunk));
    readPacedLines(stderr, { admits }, systemClock, (text, dropped) => {
      if (!this.#isTaken(text)) mode({ worker, stream: 'stderr', text, ...dropped });
    });
    return new Promise((resolve) => void stderr.once('close', resolve));
  }

  /** As it comes, and in whole lines from when somebody has asked for one. */
  #writeThrough(stderr: Readable): Promise<void> {
    let lines: string[] = [];
    const splitter = new LineSplitter((line) => {
      if (!this.#isTaken(line)) lines.push(`${line}\n`);
    });
    const takeLines = () => {
      const text = lines.join('');
      lines = [];
      return Buffer.from(text);
    };
    return writeThrough(stderr, STDERR, {
      take: (chunk) => {
        this.#tail.push(chunk);
        if (!this.#isInspected) return chunk;
        splitter.push(chunk);
        return takeLines();
      },
      end: () => {
        splitter.end();
        return takeLines();
      },
    });
  }
}

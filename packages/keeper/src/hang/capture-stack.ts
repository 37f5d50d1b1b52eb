import { setTimeout as wait } from 'node:timers/promises';
import { type Milliseconds, SECOND } from '@maque/kit';
import type { HangFinding, NoStackReason } from './hang-finding.ts';
import { type StackHelper, startStackHelper } from './start-stack-helper.ts';
import { readThreadState, type ThreadReading } from './thread-state.ts';
import { within } from './within.ts';

/** A worker that is silent. */
export interface SilentWorker {
  readonly pid: number;
  /**
   * Waits for the next line of its stderr that says `Debugger listening on ws://…`, and answers the address; null when
   * none comes in time, or the process ends. It is asked before the signal is sent.
   */
  inspectorUrl(timeoutMs: Milliseconds): Promise<string | null>;
}

export interface CaptureOptions {
  /** The worker's working folder: paths are shown relative to it. */
  readonly folder: string;
  /** How long all of it may take; 3 s unless told: it takes 0.35 on an idle machine with two cores, 0.5 to 1.9 on one with four times the work. */
  readonly timeoutMs?: Milliseconds;
}

// Each takes some 60 MiB for a moment. Workers that hang together hang in the same place.
const MAX_AT_ONCE = 2;

const TIMEOUT_MS: Milliseconds = 3 * SECOND;
// Of that, what is left for looking at the stack.
const LOOKING_MS: Milliseconds = SECOND;
// And of that, for an answer to be made and read.
const ANSWERING_MS: Milliseconds = 100;

// Code that can be interrupted answers within 5 ms, on a starved core within 100 (measured).
const PROMPT_MS: Milliseconds = 300;

// A read that takes this long is what it hangs in.
const READ_MS: Milliseconds = 50;

// Native code that ends within this time finds an inspector that opens only now; who hangs for longer is killed before.
const LATE_MS: Milliseconds = 60 * SECOND;

// Node writes no other: the address is chosen by `--inspect-port=127.0.0.1:0`, the path is a random UUID.
const LOOPBACK_URL = /^ws:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d{1,5}\/[0-9a-f-]{36}$/;

let examining = 0;

/**
 * Finds out where the main thread of a worker hangs. SIGUSR1 makes Node open its inspector even while code runs; a helper
 * process then interrupts that code, reads the stack, lets it run again and has the inspector closed.
 *
 * Whoever reaches an open inspector can run code in the worker. That is acceptable for this moment: it listens on loopback
 * only, on a port that the system picks, and answers nobody who does not know the UUID in its address; with
 * `--inspect-publish-uid=stderr` that is told to the keeper alone (by default Node tells it to every local process that
 * asks over HTTP). It is open from the signal until the worker next comes to its event loop, or is killed.
 *
 * The signal is only sent to a process that is known to handle it (where the system tells), for it would kill any other.
 * Never rejects, and never takes longer than `timeoutMs` and some 50 ms of reading `/proc`.
 */
export async function captureStack(worker: SilentWorker, options: CaptureOptions): Promise<HangFinding> {
  const startedAtMs = performance.now();
  const before = readThreadState(worker.pid);
  const refusal = before === null ? null : (refusalOf(before) ?? (await refusalOfRead(worker.pid, before)));
  const outcome = refusal === null ? await examineOrFail(worker, options) : none(refusal);
  const thread = (outcome.reason === 'native' ? readThreadState(worker.pid) : before)?.thread ?? null;
  return { ...outcome, thread, tookMs: performance.now() - startedAtMs };
}

type Outcome = Pick<HangFinding, 'stack' | 'reason'>;

function none(reason: NoStackReason): Outcome {
  return { stack: null, reason };
}

function refusalOf({ thread, takesSigusr1, inspectorIsOpen }: ThreadReading): NoStackReason | null {
  if (thread.run === 'gone' || thread.run === 'stopped') return thread.run;
  if (inspectorIsOpen) return 'inspected';
  return takesSigusr1 ? null : 'no-signal';
}

/**
 * A read of a pipe, a socket or a terminal fails when a signal comes, and of all system calls this alone is not begun
 * anew by libuv: the app would get an EINTR that nobody expects. What it waits for is known without a signal.
 */
async function refusalOfRead(pid: number, { thread }: ThreadReading): Promise<NoStackReason | null> {
  if (thread.run !== 'sleeping' || thread.call?.startsWith('read ') !== true) return null;
  await wait(READ_MS);
  return readThreadState(pid)?.thread.call === thread.call ? 'native' : null;
}

async function examineOrFail(worker: SilentWorker, options: CaptureOptions): Promise<Outcome> {
  if (examining >= MAX_AT_ONCE) return none('busy');
  try {
    return await examine(worker, options);
  } catch {
    // Without a descriptor or memory left no process can be started.
    return none('helper-failed');
  }
}

async function examine(
  worker: SilentWorker,
  { folder, timeoutMs = TIMEOUT_MS }: CaptureOptions,
): Promise<Outcome> {
  const helper = hireHelper();
  const deadlineMs = performance.now() + timeoutMs;
  const listening = worker.inspectorUrl(LATE_MS);
  const signalledAtMs = performance.now();
  const unsent = signal(worker.pid);
  if (unsent !== null) {
    helper.cancel();
    return none(unsent);
  }
  const url = await within(listening, timeoutMs - Math.min(LOOKING_MS, timeoutMs / 2));
  if (url === null || !LOOPBACK_URL.test(url)) {
    helper.cancel();
    void closeWhenOpen(listening, folder);
    return none('native');
  }
  const waitedMs = performance.now() - signalledAtMs;
  const leftMs = deadlineMs - performance.now();
  const answerByMs = Date.now() + leftMs - ANSWERING_MS;
  const asked = helper.ask({ url, task: 'capture', folder, answerByMs });
  const answer = await within(asked, leftMs);
  if (answer === null) return none('helper-failed');
  if (answer.stack === null) return none('recovered');
  return { stack: { ...answer.stack, nativeMs: waitedMs > PROMPT_MS ? waitedMs : 0 }, reason: null };
}

/** Counts it as one of those at work until its process has ended. */
function hireHelper(): StackHelper {
  const helper = startStackHelper();
  examining += 1;
  void helper.ended.then(() => {
    examining -= 1;
  });
  return helper;
}

/** Null when it is sent. */
function signal(pid: number): NoStackReason | null {
  try {
    process.kill(pid, 'SIGUSR1');
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'gone' : 'no-signal';
  }
}

/** Its answer came too late to tell; the worker may live on, and must not with an open inspector. */
async function closeWhenOpen(listening: Promise<string | null>, folder: string): Promise<void> {
  const url = await listening.catch(() => null);
  if (url === null || !LOOPBACK_URL.test(url)) return;
  try {
    await hireHelper().ask({ url, task: 'close', folder, answerByMs: Date.now() + SECOND });
  } catch {
    // As long as the system can start nothing, it stays open for those who know its address: nobody.
  }
}

import type { Milliseconds } from '@maque/kit';
import type { InspectorSession } from './inspector-session.ts';
import { within } from './within.ts';

/** A frame as the inspector tells it; lines and columns count from 0. */
export interface PausedFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** The innermost frame first. */
export type PausedStack = readonly PausedFrame[];

export interface StackLook {
  readonly stack: PausedStack;
  /** Index of the innermost call that does not return; as long as the stack when all of them do. */
  readonly steady: number;
  /** `[method, url]` of the request that is being served; null when the stack was not begun by one. */
  readonly request: readonly [string, string] | null;
}

// A call that returns within this time is not where it hangs.
const RETURN_MS: Milliseconds = 80;
// All of the looks together. One stops the worker for 1 to 3 ms, with 10,000 frames for 200.
const CLIMB_MS: Milliseconds = 500;
const MAX_CLIMBS = 32;
const MAX_DIVES = 8;
const EVALUATE_MS: Milliseconds = 100;

// The resource of a stack that Node's HTTP parser has begun has the socket, and this the request (Node 24 and 26). After
// an `await` there is none.
const REQUEST_EXPRESSION = `(() => {
  const { executionAsyncResource } = process.getBuiltinModule('node:async_hooks');
  const request = executionAsyncResource()?.socket?._httpMessage?.req;
  return request ? JSON.stringify([String(request.method), String(request.originalUrl ?? request.url).slice(0, 500)]) : '';
})()`;

/**
 * Interrupts the main thread and reads its stack. An interrupt comes at a function's entry or a loop's turn, so that the
 * innermost call is often a small one that happens to be made again and again: it is left, and the one that made it, until
 * one does not return. The thread stands still at the end: `Debugger.disable` lets it run.
 * @param timeoutMs how long to wait for the first look.
 * @returns null when no code ran in this time.
 * @throws Error when the session ends or the inspector refuses.
 */
export async function lookAtStack(
  session: InspectorSession,
  isApp: (frame: PausedFrame) => boolean,
  timeoutMs: Milliseconds,
): Promise<StackLook | null> {
  const thread = new InterruptedThread(session);
  const first = await thread.stop('Debugger.pause', timeoutMs);
  if (first === null) return null;
  const untilMs = performance.now() + CLIMB_MS;
  const request = await requestOf(session);
  const found = await diveToApp(thread, first, isApp);
  return { ...(await climbToSteady(thread, found, untilMs)), request };
}

/** Between two of a chain of promises only Node's own code is on the stack: goes on until the app's is. */
async function diveToApp(
  thread: InterruptedThread,
  first: PausedStack,
  isApp: (frame: PausedFrame) => boolean,
): Promise<PausedStack> {
  let stack = first;
  for (let dive = 0; dive < MAX_DIVES && !stack.some(isApp); dive += 1) {
    const next = await thread.stop('Debugger.stepInto', RETURN_MS);
    if (next === null) break;
    stack = next;
  }
  return stack.some(isApp) ? stack : first;
}

async function climbToSteady(
  thread: InterruptedThread,
  first: PausedStack,
  untilMs: Milliseconds,
): Promise<Omit<StackLook, 'request'>> {
  let depth = first.length;
  for (let climb = 0; climb < MAX_CLIMBS && performance.now() < untilMs; climb += 1) {
    const outer = await thread.stop('Debugger.stepOut', RETURN_MS);
    if (outer === null) {
      // It has not returned. Where it is now tells more than where it was.
      const now = await thread.stop('Debugger.pause', RETURN_MS);
      const stack = now !== null && now.length >= depth ? now : first;
      return { stack, steady: stack.length - depth };
    }
    // All of it has returned: what runs now is something else.
    if (outer.length >= depth) return { stack: first, steady: first.length };
    depth = outer.length;
  }
  return { stack: first, steady: first.length - depth };
}

interface CallFrame {
  readonly functionName: string;
  readonly location: {
    readonly scriptId: string;
    readonly lineNumber: number;
    readonly columnNumber?: number;
  };
}

/** The main thread, as a debugger has it. */
class InterruptedThread {
  readonly #session: InspectorSession;
  readonly #scripts = new Map<string, string>();

  constructor(session: InspectorSession) {
    this.#session = session;
    session.on('Debugger.scriptParsed', (told) => {
      const { scriptId, url } = told as { scriptId: string; url: string };
      this.#scripts.set(scriptId, url);
    });
    // Not awaited: it is answered when the thread is interrupted, and before anything that is asked after it.
    session.call('Debugger.enable', { maxScriptsCacheSize: 0 }).catch(() => {});
  }

  /** Lets the thread run until it stops for this reason; null when it does not in time, and runs on. */
  async stop(
    command: 'Debugger.pause' | 'Debugger.stepInto' | 'Debugger.stepOut',
    timeoutMs: Milliseconds,
  ): Promise<PausedStack | null> {
    const stopped = new Promise<readonly CallFrame[]>((resolve, reject) => {
      this.#session.on('Debugger.paused', (told) => {
        resolve((told as { callFrames: readonly CallFrame[] }).callFrames);
      });
      this.#session.call(command).catch(reject);
    });
    const frames = await within(stopped, timeoutMs);
    return frames?.map((frame) => this.#read(frame)) ?? null;
  }

  #read({ functionName, location }: CallFrame): PausedFrame {
    const { scriptId, lineNumber, columnNumber = 0 } = location;
    return { functionName, url: this.#scripts.get(scriptId) ?? '', lineNumber, columnNumber };
  }
}

async function requestOf(session: InspectorSession): Promise<StackLook['request']> {
  const parameters = { expression: REQUEST_EXPRESSION, returnByValue: true, timeout: EVALUATE_MS };
  const told = await within(session.call('Runtime.evaluate', parameters), 2 * EVALUATE_MS);
  const { result } = (told ?? {}) as { readonly result?: { readonly value?: unknown } };
  return typeof result?.value === 'string' && result.value !== ''
    ? (JSON.parse(result.value) as [string, string])
    : null;
}

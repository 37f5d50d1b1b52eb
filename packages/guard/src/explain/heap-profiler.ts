import { Session } from 'node:inspector';
import v8 from 'node:v8';
import type { Bytes } from '@maque/kit';
import { postInspector } from '../post-inspector.ts';
import type { StackFrame } from './stack-frame.ts';

// What Node says when a profile runs already, whoever started it.
const TAKEN = 'ERR_HEAP_PROFILE_HAVE_BEEN_STARTED';

// Enough to reach from the leaf through a framework's middleware to the route; each frame costs some 50 ns a sample.
const STACK_DEPTH = 48;

/** One sampled object that is still alive. */
export interface LiveSample {
  /** Bytes that it stands for. */
  readonly bytes: Bytes;
  /** Grows with the time of allocation. */
  readonly ordinal: number;
  /** The leaf first. Samples of one place share the array. */
  readonly stack: readonly StackFrame[];
}

/** Works out what was allocated since the profile was started and is alive; a piece of work of its own, for another turn. */
export type ReadSamples = () => LiveSample[];

interface ProfileNode {
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
  readonly id: number;
  readonly children: readonly ProfileNode[];
}

/** V8's form. Newer than Node's types: `samples` is what they leave out. */
export interface SamplingProfile {
  readonly head: ProfileNode;
  readonly samples: readonly { readonly size: number; readonly nodeId: number; readonly ordinal: number }[];
}

/**
 * V8's sampling heap profiler: about every `interval` bytes that are allocated it notes one object and its stack, and
 * forgets it when the object is collected. A note costs 2.5 µs (Node 24 and 26, stacks of 20 frames).
 */
export class HeapProfiler {
  #source: ProfileSource | null = null;

  /** @returns whether it runs: not when another tool holds V8's only profiler. */
  start(interval: Bytes): boolean {
    this.stop();
    this.#source = startSource(interval);
    return this.#source !== null;
  }

  get isRunning(): boolean {
    return this.#source !== null;
  }

  /**
   * Whether reading collects all garbage itself, which blocks this thread for about 1 ms a live MiB. Where it does not
   * (from Node 26.1 on), what was garbage at the last major collection is gone, and later garbage is not.
   */
  get collects(): boolean {
    return this.#source?.collects ?? false;
  }

  /**
   * Ends the profile: what it has kept by now is what the answer tells.
   * @throws Error when no profile is running.
   */
  read(): ReadSamples {
    const source = this.#source;
    if (source === null) throw new Error('no heap profile is running');
    this.#source = null;
    const profileOf = source.end();
    return () => liveSamples(profileOf());
  }

  stop(): void {
    this.#source?.drop();
    this.#source = null;
  }
}

interface ProfileSource {
  readonly collects: boolean;
  end(): () => SamplingProfile;
  drop(): void;
}

/** What Node 26.1 brought; a part of `node:v8`. */
interface HeapProfileHandle {
  stop(): string;
  [Symbol.dispose](): void;
}
type StartHeapProfile = (options: { sampleInterval: Bytes; stackDepth: number }) => HeapProfileHandle;

function startSource(interval: Bytes): ProfileSource | null {
  const start: unknown = Reflect.get(v8, 'startHeapProfile');
  if (typeof start !== 'function') return isTaken() ? null : startInspectorSource(interval);
  const handle = startedProfile(start as StartHeapProfile, interval);
  if (handle === null) return null;
  return {
    collects: false,
    end: () => {
      const text = handle.stop();
      return () => JSON.parse(text) as SamplingProfile;
    },
    drop: () => handle[Symbol.dispose](),
  };
}

/** Without the inspector: a session that ends makes V8 number all objects anew, and snapshots cannot be compared. */
function startedProfile(start: StartHeapProfile, interval: Bytes): HeapProfileHandle | null {
  try {
    return start({ sampleInterval: interval, stackDepth: STACK_DEPTH });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === TAKEN) return null;
    throw error;
  }
}

function startInspectorSource(interval: Bytes): ProfileSource {
  const session = new Session();
  session.connect();
  postInspector(session, 'HeapProfiler.startSampling', {
    samplingInterval: interval,
    stackDepth: STACK_DEPTH,
  });
  // Disconnecting alone would leave the sampler running. stopSampling would make a profile first; disable does not.
  const drop = () => {
    postInspector(session, 'HeapProfiler.disable');
    session.disconnect();
  };
  return {
    collects: true,
    drop,
    end: () => {
      try {
        const answer = postInspector(session, 'HeapProfiler.getSamplingProfile') as {
          profile: SamplingProfile;
        };
        return () => answer.profile;
      } finally {
        drop();
      }
    },
  };
}

/** Whether it runs already: starting it once more would be granted, and stopping it would stop the other's. */
function isTaken(): boolean {
  const session = new Session();
  session.connect();
  try {
    postInspector(session, 'HeapProfiler.getSamplingProfile');
    return true;
  } catch {
    return false;
  } finally {
    session.disconnect();
  }
}

/** Turns V8's tree into one stack a place. Stacks are at most as deep as V8 was told, so recursion is bounded. */
export function liveSamples(profile: SamplingProfile): LiveSample[] {
  const stacks = new Map<number, readonly StackFrame[]>();
  const visit = (node: ProfileNode, callers: readonly StackFrame[]): void => {
    const { functionName, url, lineNumber, columnNumber } = node.callFrame;
    const stack = [{ functionName, url, line: lineNumber + 1, column: columnNumber + 1 }, ...callers];
    stacks.set(node.id, stack);
    for (const child of node.children) visit(child, stack);
  };
  stacks.set(profile.head.id, []);
  for (const child of profile.head.children) visit(child, []);
  return profile.samples.map(({ size, nodeId, ordinal }) => ({
    bytes: size,
    ordinal,
    stack: stacks.get(nodeId) ?? [],
  }));
}

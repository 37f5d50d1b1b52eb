import { Session } from 'node:inspector';
import v8 from 'node:v8';
import type { Milliseconds } from '@maque/kit';
import { postInspector } from '../post-inspector.ts';
import { readCpuProfile } from './read-cpu-profile.ts';

/** V8's form of a CPU profile; times in µs on a clock of its own. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly startTime: number;
  /** Ids of the nodes that ran, and the time from each sample to the one before it (of the first, to the start). */
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
  readonly children?: readonly number[];
}

/** A profile that is being taken. */
export interface RunningCpuProfile {
  /** Null when what V8 told cannot be read. */
  stop(): CpuProfile | null;
}

interface CpuProfileHandle {
  stop(): string;
  [Symbol.dispose](): void;
}
type StartCpuProfile = (options: CpuProfileOptions) => CpuProfileHandle;
interface CpuProfileOptions {
  readonly sampleInterval: Milliseconds;
  readonly maxBufferSize: number;
}

/**
 * Starts V8's CPU profiler. Measured (Node 26): starting stops the process for 1 to 1.5 ms a MiB of heap, which is walked
 * for the code in it (15 ms at 10 MiB, 70 at 47, 120 to 170 at 136), and 3 to 4 MiB stay with the process afterwards; a
 * sample each 10 ms costs nothing that could be measured.
 * @param maxSamples what comes after them is not kept.
 */
export function startCpuProfile(intervalMs: Milliseconds, maxSamples: number): RunningCpuProfile {
  // Without the inspector: a session that ends makes V8 number all objects anew, and heap snapshots cannot be compared.
  return startByV8({ sampleInterval: intervalMs, maxBufferSize: maxSamples }) ?? startByInspector(intervalMs);
}

/** Null where `node:v8` cannot do it at this pace: Node 24 has the function, but not its options. */
function startByV8(options: CpuProfileOptions): RunningCpuProfile | null {
  const start: unknown = Reflect.get(v8, 'startCpuProfile');
  if (typeof start !== 'function' || !takesOptions(start as StartCpuProfile)) return null;
  const handle = (start as StartCpuProfile)(options);
  return { stop: () => readCpuProfile(handle.stop()) };
}

let knownToTakeOptions: boolean | null = null;

/** Whether it looks at them; whoever does, learns here that they cannot be had, and starts nothing. */
function takesOptions(start: StartCpuProfile): boolean {
  if (knownToTakeOptions !== null) return knownToTakeOptions;
  const refusal = new Error('only asked');
  const options = {
    get sampleInterval(): number {
      throw refusal;
    },
    maxBufferSize: 1,
  };
  try {
    start(options)[Symbol.dispose]();
    knownToTakeOptions = false;
  } catch (error) {
    knownToTakeOptions = error === refusal;
  }
  return knownToTakeOptions;
}

function startByInspector(intervalMs: Milliseconds): RunningCpuProfile {
  const session = new Session();
  session.connect();
  postInspector(session, 'Profiler.enable');
  postInspector(session, 'Profiler.setSamplingInterval', { interval: intervalMs * 1_000 });
  postInspector(session, 'Profiler.start');
  return {
    stop: () => {
      try {
        return (postInspector(session, 'Profiler.stop') as { readonly profile: CpuProfile }).profile;
      } finally {
        session.disconnect();
      }
    },
  };
}

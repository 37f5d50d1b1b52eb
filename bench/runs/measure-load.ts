import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from '@maque/kit';
import { LoadClient } from '../load/load-client.ts';
import type { ClosedLoopPlan, LoadSubject, LoadTotals, OpenLoopPlan } from '../load/load-plan.ts';
import type { WindowResult } from '../load/window.ts';
import { MemoryWatch } from '../measure/memory-watch.ts';
import { type TreeMemory, treeCpuSeconds } from '../measure/process-tree.ts';
import type { RunningStack } from '../stacks/stack.ts';

/** What one part of a stack (service, or database and cache) used while a window was open. */
export interface Usage {
  readonly cores: number;
  readonly cpuMicrosPerRequest: number;
  readonly peak: TreeMemory;
}

export interface LoadMeasurement {
  readonly window: WindowResult;
  readonly requestsPerSecond: number;
  readonly service: Usage;
  readonly storage: Usage;
  readonly totals: LoadTotals;
}

export interface MeasureOptions {
  readonly plan: ClosedLoopPlan | OpenLoopPlan;
  /** Not counted: compilers and caches warm up. */
  readonly warmUpMs: Milliseconds;
  readonly seconds: number;
  /** What else happens while the window is open; the window ends when both this and its time have. */
  readonly meanwhile?: () => Promise<void>;
}

/** Mini-programs give up after 60 s; for a shop of milliseconds a wait of 5 s is as lost. */
export const REQUEST_TIMEOUT_MS: Milliseconds = 5_000;

/** Loads a stack and reads what its processes use meanwhile. */
export async function measureLoad(
  running: RunningStack,
  subject: LoadSubject,
  options: MeasureOptions,
): Promise<LoadMeasurement> {
  const load = await LoadClient.start({ ...subject, ...options.plan, timeoutMs: REQUEST_TIMEOUT_MS });
  const parts = {
    service: new PartMeter(running.serviceRoots),
    storage: new PartMeter(running.storageRoots),
  };
  try {
    await sleep(options.warmUpMs);
    await load.startWindow();
    parts.service.start();
    parts.storage.start();
    await Promise.all([sleep(options.seconds * 1_000), options.meanwhile?.()]);
    const window = await load.endWindow();
    const answered = window.right + window.wrong + window.shed;
    const service = parts.service.end(window.seconds, answered);
    const storage = parts.storage.end(window.seconds, answered);
    const totals = await load.stop();
    return { window, requestsPerSecond: window.right / window.seconds, service, storage, totals };
  } finally {
    parts.service.stop();
    parts.storage.stop();
    await load.kill();
  }
}

/** Memory is watched from the first request, CPU counted while the window is open. */
class PartMeter {
  readonly #roots: readonly number[];
  readonly #memory: MemoryWatch;
  #cpuAtStart = 0;

  constructor(roots: readonly number[]) {
    this.#roots = roots;
    this.#memory = new MemoryWatch(roots);
  }

  start(): void {
    this.#cpuAtStart = treeCpuSeconds(this.#roots);
  }

  end(seconds: number, requests: number): Usage {
    const cpuSeconds = treeCpuSeconds(this.#roots) - this.#cpuAtStart;
    return {
      cores: cpuSeconds / seconds,
      cpuMicrosPerRequest: (cpuSeconds * 1e6) / Math.max(1, requests),
      peak: this.#memory.peak,
    };
  }

  stop(): void {
    this.#memory.stop();
  }
}

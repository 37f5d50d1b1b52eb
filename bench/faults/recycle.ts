import type { Failure } from '../load/window.ts';
import { checkBooks } from '../runs/check-books.ts';
import { measureLoad } from '../runs/measure-load.ts';
import { openShop } from '../runs/open-shop.ts';
import type { Workshop } from '../runs/workshop.ts';
import { maqueStack } from '../stacks/maque.ts';
import { readState, readyWorkers } from '../stacks/maque-control.ts';
import { FAULT_LOAD, FAULT_WARM_UP_MS } from './fault-load.ts';

export interface RecycleResult {
  readonly requests: number;
  readonly failed: number;
  readonly failures: readonly Failure[];
  /** How often all workers were replaced meanwhile. */
  readonly recycles: number;
  /** Recycles after which a worker from before still served. */
  readonly incompleteRecycles: number;
  readonly bookFaults: readonly string[];
}

/** No request may fail of at least this many. */
export const RECYCLE_REQUESTS = 20_000;
/** Seconds that the load takes for so many requests, and a little more. */
export const RECYCLE_SECONDS = Math.ceil((RECYCLE_REQUESTS / FAULT_LOAD.requestsPerSecond) * 1.02);

/** Replaces all workers again and again with `maque recycle` under a steady load. */
export async function runRecycle(workshop: Workshop, seconds: number): Promise<RecycleResult> {
  return await workshop.withStack(maqueStack, async (running) => {
    const subject = await openShop(running);
    let recycles = 0;
    let incompleteRecycles = 0;
    const recycleAgainAndAgain = async (): Promise<void> => {
      const until = performance.now() + seconds * 1_000;
      while (performance.now() < until) {
        const before = await readyPids(running.controlSocket);
        await running.recycle();
        const after = await readyPids(running.controlSocket);
        recycles += 1;
        if (after.length !== before.length || after.some((pid) => before.includes(pid)))
          incompleteRecycles += 1;
      }
    };
    const measured = await measureLoad(running, subject, {
      plan: FAULT_LOAD,
      warmUpMs: FAULT_WARM_UP_MS,
      seconds,
      meanwhile: recycleAgainAndAgain,
    });
    const { right, shed, wrong, lost, notSent, failures } = measured.window;
    const failed = shed + wrong + lost + notSent;
    const bookFaults = checkBooks([measured.totals], await running.readBooks());
    return { requests: right + failed, failed, failures, recycles, incompleteRecycles, bookFaults };
  });
}

async function readyPids(controlSocket: string): Promise<readonly number[]> {
  return readyWorkers(await readState(controlSocket)).map(({ pid }) => pid);
}

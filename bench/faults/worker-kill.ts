import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from '@maque/kit';
import type { Failure } from '../load/window.ts';
import { checkBooks } from '../runs/check-books.ts';
import { measureLoad } from '../runs/measure-load.ts';
import { openShop } from '../runs/open-shop.ts';
import type { Workshop } from '../runs/workshop.ts';
import { maqueStack } from '../stacks/maque.ts';
import { readState, readyWorkers } from '../stacks/maque-control.ts';
import { waitUntil } from '../stacks/wait-until.ts';
import { FAULT_LOAD, FAULT_WARM_UP_MS } from './fault-load.ts';

export interface WorkerKillResult {
  readonly requests: number;
  /** Without an answer because they were on the killed worker: nobody can save these. */
  readonly lostInFlight: number;
  /** Every other failure; each of them could have been avoided. */
  readonly failedOtherwise: number;
  readonly failures: readonly Failure[];
  /** The longest time without a right answer, the kill included. */
  readonly longestSilenceMs: Milliseconds;
  /** From the kill until a new worker says that it is ready. */
  readonly replacedAfterMs: Milliseconds;
  readonly bookFaults: readonly string[];
}

const KILL_AFTER_MS: Milliseconds = 2_000;
/** How long a client may take to learn that its connection is dead; what it sent meanwhile was in flight, too. */
const NOTICE_MS: Milliseconds = 20;
const REPLACE_TIMEOUT_MS: Milliseconds = 15_000;
const LOOK_EVERY_MS: Milliseconds = 10;

/** Kills one of two workers under a steady load. */
export async function runWorkerKill(workshop: Workshop, seconds: number): Promise<WorkerKillResult> {
  return await workshop.withStack(maqueStack, async (running) => {
    const subject = await openShop(running);
    const { controlSocket } = running;
    let killedAt = 0;
    let replacedAfterMs = 0;
    const killOne = async (): Promise<void> => {
      await sleep(KILL_AFTER_MS);
      const before = readyWorkers(await readState(controlSocket)).map(({ pid }) => pid);
      const [victim] = before;
      if (victim === undefined) throw new Error('there is no worker to kill');
      killedAt = performance.timeOrigin + performance.now();
      process.kill(victim, 'SIGKILL');
      replacedAfterMs = await waitForReplacement(controlSocket, before);
    };
    const measured = await measureLoad(running, subject, {
      plan: FAULT_LOAD,
      warmUpMs: FAULT_WARM_UP_MS,
      seconds,
      meanwhile: killOne,
    });
    const { window } = measured;
    const lostInFlight = window.failures.filter((failure) => wasInFlight(failure, killedAt)).length;
    return {
      requests: window.right + window.shed + window.wrong + window.lost + window.notSent,
      lostInFlight,
      failedOtherwise: window.shed + window.wrong + window.lost + window.notSent - lostInFlight,
      failures: window.failures,
      longestSilenceMs: window.longestSilenceMs,
      replacedAfterMs,
      bookFaults: checkBooks([measured.totals], await running.readBooks()),
    };
  });
}

function wasInFlight({ reason, sentAt }: Failure, killedAt: Milliseconds): boolean {
  return reason === 'connection-lost' && sentAt <= killedAt + NOTICE_MS;
}

async function waitForReplacement(controlSocket: string, before: readonly number[]): Promise<Milliseconds> {
  const startedAt = performance.now();
  const isReplaced = async (): Promise<boolean> => {
    const now = readyWorkers(await readState(controlSocket));
    return now.length === before.length && now.some(({ pid }) => !before.includes(pid));
  };
  await waitUntil(isReplaced, {
    what: 'a new worker',
    timeoutMs: REPLACE_TIMEOUT_MS,
    everyMs: LOOK_EVERY_MS,
  });
  return performance.now() - startedAt;
}

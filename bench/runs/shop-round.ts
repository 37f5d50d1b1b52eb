import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from '@maque/kit';
import { type TreeMemory, treeMemory } from '../measure/process-tree.ts';
import type { Stack, StackName } from '../stacks/stack.ts';
import { checkBooks } from './check-books.ts';
import { type LoadMeasurement, measureLoad } from './measure-load.ts';
import { openShop } from './open-shop.ts';
import type { Workshop } from './workshop.ts';

export interface MemoryOfParts {
  readonly service: TreeMemory;
  readonly storage: TreeMemory;
}

/** One stack on fresh data, from its start to its end. */
export interface ShopRound {
  readonly stack: StackName;
  readonly coldStartMs: Milliseconds;
  /** Settled after the first answer, before anybody logs in. */
  readonly idle: MemoryOfParts;
  readonly closedLoop: LoadMeasurement;
  readonly openLoop: LoadMeasurement;
  /** What disagrees between answers and database; empty when all is well. */
  readonly bookFaults: readonly string[];
}

/** The steady load at which latency is told: far below what any of the stacks can take. */
export const STEADY_REQUESTS_PER_SECOND = 500;
/** Node returns the memory of start-up after some seconds of quiet. */
const SETTLE_MS: Milliseconds = 5_000;
/** After this the optimizing compiler has seen each route some thousand times. */
const WARM_UP_MS: Milliseconds = 3_000;

/** Measures one stack: start, idle memory, saturation, steady load, books. */
export async function runShopRound(workshop: Workshop, stack: Stack, seconds: number): Promise<ShopRound> {
  return await workshop.withStack(stack, async (running) => {
    await sleep(SETTLE_MS);
    const idle = { service: treeMemory(running.serviceRoots), storage: treeMemory(running.storageRoots) };
    const subject = await openShop(running);
    const measure = { warmUpMs: WARM_UP_MS, seconds };
    const closedLoop = await measureLoad(running, subject, { ...measure, plan: { loop: 'closed' } });
    const openLoop = await measureLoad(running, subject, { ...measure, plan: STEADY_LOAD });
    const told = [closedLoop.totals, openLoop.totals];
    const bookFaults = checkBooks(told, await running.readBooks());
    return { stack: stack.name, coldStartMs: running.coldStartMs, idle, closedLoop, openLoop, bookFaults };
  });
}

/** The steady load as a plan. */
export const STEADY_LOAD = {
  loop: 'open',
  requestsPerSecond: STEADY_REQUESTS_PER_SECOND,
  outstandingPerConnection: 1,
  whenBusy: 'wait',
} as const;

import { setTimeout as sleep } from 'node:timers/promises';
import type { Bytes, Milliseconds } from '@maque/kit';
import { readExactCpu } from '../measure/exact-cpu.ts';
import { treeMemory } from '../measure/process-tree.ts';
import type { Workshop } from '../runs/workshop.ts';
import { BARE, type Contender, GUARDED } from './contender.ts';
import { type HelloServer, startHello } from './hello-server.ts';

/** A server that nobody calls. */
export interface Sleeper {
  readonly cpuMicrosPerSecond: number;
  /** Times a second that the kernel woke one of its threads. */
  readonly wakeUpsPerSecond: number;
  readonly rss: Bytes;
}

export interface AsleepResult {
  readonly bare: readonly Sleeper[];
  readonly guarded: readonly Sleeper[];
}

/** Of each kind; they sleep side by side. */
const SLEEPERS = 5;
/**
 * The guard's interval doubles from 0.5 to 10 s, and begins anew after each collection that it forces at first: 75 s. By now
 * the measurement that runs beside this one, which takes 130, is over, too.
 */
const FALL_ASLEEP_MS: Milliseconds = 140_000;
/** Six samples. */
const SLEEP_MS: Milliseconds = 60_000;

/** Watches servers that have nothing to do. */
export async function measureAsleep(workshop: Workshop): Promise<AsleepResult> {
  return await workshop.withClosing(async (closing) => {
    const start = async (contender: Contender): Promise<readonly HelloServer[]> => {
      const servers: HelloServer[] = [];
      for (let index = 0; index < SLEEPERS; index += 1) {
        servers.push(await startHello(workshop, closing, contender));
      }
      return servers;
    };
    const [bare, guarded] = [await start(BARE), await start(GUARDED)];
    await sleep(FALL_ASLEEP_MS);
    const [bareAsleep, guardedAsleep] = await Promise.all([watchSleep(bare), watchSleep(guarded)]);
    return { bare: bareAsleep, guarded: guardedAsleep };
  });
}

async function watchSleep(servers: readonly HelloServer[]): Promise<readonly Sleeper[]> {
  const before = servers.map(({ pid }) => readExactCpu(pid));
  await sleep(SLEEP_MS);
  return servers.map(({ pid }, index) => {
    const after = readExactCpu(pid);
    const { seconds = 0, runs = 0 } = before[index] ?? {};
    return {
      cpuMicrosPerSecond: ((after.seconds - seconds) * 1e6) / (SLEEP_MS / 1_000),
      wakeUpsPerSecond: (after.runs - runs) / (SLEEP_MS / 1_000),
      rss: treeMemory([pid]).rss,
    };
  });
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Bytes, MiB, type Milliseconds } from '@maque/kit';
import { MemoryCgroup } from '../measure/memory-cgroup.ts';
import { checkBooks } from '../runs/check-books.ts';
import { type LoadMeasurement, measureLoad } from '../runs/measure-load.ts';
import { openShop } from '../runs/open-shop.ts';
import type { Workshop } from '../runs/workshop.ts';
import { maqueStack, type RunningMaque } from '../stacks/maque.ts';
import { readState } from '../stacks/maque-control.ts';

const run = promisify(execFile);

export interface SmallBoxResult {
  readonly limit: Bytes;
  readonly cgroupVersion: 1 | 2;
  readonly load: LoadMeasurement;
  /** What the keeper made of the limit. */
  readonly budget: Bytes;
  /** The most that was ever charged, page cache included; it may touch the limit, since the cache fills what is free. */
  readonly peakCharged: Bytes;
  readonly oomKills: number;
  readonly bookFaults: readonly string[];
}

const LIMIT: Bytes = 512 * MiB;
const WARM_UP_MS: Milliseconds = 3_000;

/** Serves the mix with the whole tree inside a 512 MiB memory cgroup, the load coming from outside. */
export async function runSmallBox(workshop: Workshop, seconds: number): Promise<SmallBoxResult> {
  return await workshop.withClosing(async (closing) => {
    const cgroup = new MemoryCgroup(LIMIT);
    closing.push('cgroup', () => cgroup.remove());
    const { launcher } = cgroup;
    // Pages of a file are charged to who reads it first: a binary of its own makes the group pay for Node's, too.
    const node = join(workshop.folder('small-box-node'), 'node');
    await runIn(launcher, 'cp', workshop.node, node);
    const serve = async (running: RunningMaque): Promise<SmallBoxResult> => {
      const subject = await openShop(running);
      const load = await measureLoad(running, subject, {
        plan: { loop: 'closed' },
        warmUpMs: WARM_UP_MS,
        seconds,
      });
      const bookFaults = checkBooks([load.totals], await running.readBooks());
      return {
        limit: LIMIT,
        cgroupVersion: cgroup.version,
        load,
        budget: (await readState(running.controlSocket)).budget,
        peakCharged: cgroup.readPeak(),
        oomKills: cgroup.readOomKills(),
        bookFaults,
      };
    };
    return await workshop.withStack(maqueStack, serve, { node, launcher });
  });
}

async function runIn(launcher: readonly string[], ...command: readonly string[]): Promise<void> {
  const [program, ...args] = [...launcher, ...command];
  if (program === undefined) throw new Error('nothing to run');
  await run(program, args);
}

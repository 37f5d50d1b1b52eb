import { setTimeout as sleep } from 'node:timers/promises';
import type { Bytes, ClosingStack } from '@maque/kit';
import { readExactCpu } from '../measure/exact-cpu.ts';
import { treeMemory } from '../measure/process-tree.ts';
import type { Workshop } from '../runs/workshop.ts';
import type { Contender } from './contender.ts';
import type { Contestant, WindowCost } from './contestant.ts';
import { HelloLoad } from './hello-load.ts';
import { startHello } from './hello-server.ts';

/** Starts a small server and its load. */
export async function helloContestant(
  workshop: Workshop,
  closing: ClosingStack,
  contender: Contender,
): Promise<Contestant> {
  const { pid, port } = await startHello(workshop, closing, contender);
  const load = new HelloLoad(port);
  closing.push('load', () => load.kill());
  return {
    pid,
    async window(warmUpSeconds, seconds): Promise<WindowCost> {
      await load.order('run');
      await sleep(warmUpSeconds * 1_000);
      const before = { cpu: readExactCpu(pid), answered: await load.order('run') };
      await sleep(seconds * 1_000);
      const after = { cpu: readExactCpu(pid), answered: await load.order('rest') };
      return {
        cpuSeconds: after.cpu.seconds - before.cpu.seconds,
        requests: after.answered - before.answered,
      };
    },
    rss: (): Bytes => treeMemory([pid]).rss,
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Bytes, ClosingStack } from '@maque/kit';
import { LoadClient } from '../load/load-client.ts';
import { readExactCpu } from '../measure/exact-cpu.ts';
import { treeMemory } from '../measure/process-tree.ts';
import { REQUEST_TIMEOUT_MS } from '../runs/measure-load.ts';
import { openShop } from '../runs/open-shop.ts';
import type { Workshop } from '../runs/workshop.ts';
import { leanStack } from '../stacks/lean.ts';
import type { Contestant, WindowCost } from './contestant.ts';

/** Starts the lean shop with arguments for Node of its own, and a load that does not rest between windows. */
export async function shopContestant(
  workshop: Workshop,
  closing: ClosingStack,
  nodeArgs: readonly string[],
): Promise<Contestant> {
  const running = await leanStack.start({
    folder: workshop.folder(leanStack.name),
    node: workshop.node,
    launcher: ['/usr/bin/env', `NODE_OPTIONS=${nodeArgs.join(' ')}`],
    closing,
  });
  const [pid] = running.serviceRoots;
  if (pid === undefined) throw new Error('the shop has no process');
  const subject = await openShop(running);
  const load = await LoadClient.start({ ...subject, loop: 'closed', timeoutMs: REQUEST_TIMEOUT_MS });
  closing.push('load', () => load.kill());
  return {
    pid,
    async window(warmUpSeconds, seconds): Promise<WindowCost> {
      await sleep(warmUpSeconds * 1_000);
      await load.startWindow();
      const before = readExactCpu(pid);
      await sleep(seconds * 1_000);
      const after = readExactCpu(pid);
      const { right, wrong, lost } = await load.endWindow();
      if (wrong + lost > 0) throw new Error(`${wrong} wrong answers, ${lost} lost: the figures mean nothing`);
      return { cpuSeconds: after.seconds - before.seconds, requests: right };
    },
    rss: (): Bytes => treeMemory([pid]).rss,
  };
}

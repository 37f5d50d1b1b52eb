import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MiB } from '@maque/kit';
import { freePort } from '@maque/testkit/process/free-port';
import { treeOf } from '../../measure/process-tree.ts';
import { ServiceProcess } from '../../stacks/service-process.ts';
import { waitUntil } from '../../stacks/wait-until.ts';
import {
  type Contender,
  type ContenderContext,
  MARK_ENV,
  type RunningContender,
  WORKERS,
} from './contender.ts';
import { ServiceFolder } from './service-folder.ts';
import { waitForWorkers } from './wait-for-workers.ts';

/** What a process takes beside its heap: measured, 40 MiB of its own for Node and the program. */
const BESIDE_HEAP_BYTES = 40 * MiB;

export const plainClusterContender: Contender = {
  name: 'cluster',
  title: `node:cluster alone: ${WORKERS} workers, --max-old-space-size, a new one for each that ends, rolling on SIGHUP`,
  missing: () => [],
  start,
};

async function start(context: ContenderContext): Promise<RunningContender> {
  const service = new ServiceFolder(context.folder);
  const target = { host: '127.0.0.1', port: await freePort() };
  const heapBytes = (context.memory - BESIDE_HEAP_BYTES) / WORKERS - BESIDE_HEAP_BYTES;
  const primary = await ServiceProcess.start(context, {
    name: 'cluster',
    command: context.node,
    args: [join(service.path, 'cluster-primary.js')],
    env: {
      PORT: String(target.port),
      WORKERS: String(WORKERS),
      HEAP_MIB: String(Math.floor(heapBytes / MiB)),
      [MARK_ENV]: context.mark,
    },
  });
  await waitForWorkers(target, () => primary.assertRunning());
  const output = join(context.folder, 'cluster.out');
  const rolls = (): number => readFileSync(output, 'utf8').split('rolled\n').length - 1;
  const roll = async (): Promise<void> => {
    const before = rolls();
    process.kill(primary.pid, 'SIGHUP');
    await waitUntil(() => rolls() > before, { what: 'all workers', timeoutMs: 90_000, everyMs: 50 });
  };
  return {
    target,
    rootPid: primary.pid,
    assertRunning: () => primary.assertRunning(),
    workerPids: () => treeOf([primary.pid]).filter((pid) => pid !== primary.pid),
    recycle: roll,
    deploy: async (release) => {
      service.release(release);
      await roll();
    },
    changeSettings: roll,
  };
}

import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MiB } from '@maque/kit';
import { freePort } from '@maque/testkit/process/free-port';
import { benchFolder, NPM_INSTALL_COMMAND } from '../../stacks/paths.ts';
import { ServiceProcess } from '../../stacks/service-process.ts';
import {
  type Contender,
  type ContenderContext,
  DRAIN_TIMEOUT_MS,
  MARK_ENV,
  type RunningContender,
  WORKERS,
} from './contender.ts';
import { ServiceFolder } from './service-folder.ts';
import { waitForWorkers } from './wait-for-workers.ts';

const run = promisify(execFile);
const WATT = join(benchFolder, 'node_modules/wattpm/bin/cli.js');
/** What the process takes beside the heaps of its threads: Watt's own program, Node. */
const RUNTIME_BYTES = 160 * MiB;

export const wattContender: Contender = {
  name: 'watt',
  title: `Watt: wattpm start, ${WORKERS} workers (threads), health checks every second`,
  missing: () => (existsSync(WATT) ? [] : [NPM_INSTALL_COMMAND]),
  start,
};

async function start(context: ContenderContext): Promise<RunningContender> {
  const service = new ServiceFolder(context.folder);
  const target = { host: '127.0.0.1', port: await freePort() };
  const socket = join(context.folder, 'watt.sock');
  const project = join(service.path, 'watt.json');
  writeFileSync(project, JSON.stringify(configuration(context, target.port, socket), undefined, 2));
  const runtime = await ServiceProcess.start(context, {
    name: 'watt',
    command: context.node,
    args: [WATT, '--socket', socket, 'start', service.path],
    env: { PORT: String(target.port), [MARK_ENV]: context.mark },
  });
  await waitForWorkers(target, () => runtime.assertRunning());
  const watt = async (...args: string[]): Promise<void> => {
    await run(context.node, [WATT, '--socket', socket, ...args], { cwd: service.path });
  };
  const restart = (): Promise<void> => watt('restart', String(runtime.pid));
  return {
    target,
    rootPid: runtime.pid,
    assertRunning: () => runtime.assertRunning(),
    workerPids: () => [],
    recycle: restart,
    deploy: async (release) => {
      service.release(release);
      await restart();
    },
    changeSettings: restart,
  };
}

/** One Node service with two workers. Health checks look far more often than by default (every 30 s). */
function configuration({ memory }: ContenderContext, port: number, socket: string): object {
  const heapMib = Math.floor((memory - RUNTIME_BYTES) / WORKERS / MiB);
  return {
    $schema: 'https://schemas.platformatic.dev/@platformatic/node/3.65.0.json',
    node: { main: 'server.js' },
    runtime: {
      server: { hostname: '127.0.0.1', port },
      managementApi: { socket },
      logger: { level: 'info' },
      workers: WORKERS,
      gracefulShutdown: { runtime: DRAIN_TIMEOUT_MS, application: DRAIN_TIMEOUT_MS },
      health: {
        interval: 1_000,
        gracePeriod: 1_000,
        maxUnhealthyChecks: 3,
        maxELU: 0.99,
        maxHeapUsed: 0.9,
        maxHeapTotal: `${heapMib}MB`,
      },
    },
  };
}

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { MiB } from '@maque/kit';
import { freePort } from '@maque/testkit/process/free-port';
import { treeOf } from '../../measure/process-tree.ts';
import { benchFolder, NPM_INSTALL_COMMAND } from '../../stacks/paths.ts';
import { serviceEnvironment } from '../../stacks/service-environment.ts';
import {
  type Contender,
  type ContenderContext,
  DRAIN_TIMEOUT_MS,
  MARK_ENV,
  type RunningContender,
  STATE_FOLDER,
  WORKERS,
} from './contender.ts';
import { ServiceFolder } from './service-folder.ts';
import { waitForWorkers } from './wait-for-workers.ts';

const run = promisify(execFile);
const PM2 = join(benchFolder, 'node_modules/pm2/bin/pm2');
/** What the two workers get of the whole, as PM2's own guide suggests to say it; its daemon takes some 60 MiB. */
const DAEMON_BYTES = 64 * MiB;

export const pm2Contender: Contender = {
  name: 'pm2',
  title: `PM2: pm2 start server.js -i ${WORKERS} --max-memory-restart, server.close() on SIGINT`,
  missing: () => (existsSync(PM2) ? [] : [NPM_INSTALL_COMMAND]),
  start,
};

async function start(context: ContenderContext): Promise<RunningContender> {
  const service = new ServiceFolder(context.folder);
  const target = { host: '127.0.0.1', port: await freePort() };
  const home = join(context.folder, STATE_FOLDER);
  mkdirSync(home, { recursive: true });
  const env = {
    ...serviceEnvironment({ PORT: String(target.port), [MARK_ENV]: context.mark }),
    PM2_HOME: home,
    PM2_DISABLE_VERSION_CHECK: 'true',
    // PM2 starts its daemon with whatever `node` it finds first.
    PATH: `${dirname(context.node)}${delimiter}${process.env.PATH ?? ''}`,
  };
  const pm2 = async (...args: string[]): Promise<void> => {
    const [command = context.node, ...rest] = [...(context.launcher ?? []), context.node, PM2, ...args];
    await run(command, rest, { env, cwd: service.path });
  };
  context.closing.push('pm2', () => pm2('kill', '--silent'));
  const workerMib = Math.floor((context.memory - DAEMON_BYTES) / WORKERS / MiB);
  await pm2(
    'start',
    service.script,
    ...['--name', 'service', '-i', String(WORKERS), '--silent'],
    ...['--max-memory-restart', `${workerMib}M`, '--kill-timeout', String(DRAIN_TIMEOUT_MS)],
  );
  const rootPid = Number(readFileSync(join(home, 'pm2.pid'), 'utf8'));
  await waitForWorkers(target);
  return {
    target,
    rootPid,
    assertRunning: () => {
      if (treeOf([rootPid]).length === 0) throw new Error("PM2's daemon has ended");
    },
    workerPids: () => treeOf([rootPid]).filter((pid) => pid !== rootPid),
    recycle: () => pm2('reload', 'service', '--silent'),
    deploy: async (release) => {
      service.release(release);
      await pm2('reload', 'service', '--silent');
    },
    changeSettings: () => pm2('reload', 'service', '--update-env', '--silent'),
  };
}

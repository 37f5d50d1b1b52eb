import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type { ProcessStatus } from '@maque/contract';
import type { Milliseconds } from '@maque/kit';
import { freePort } from '@maque/testkit/process/free-port';
import { treeOf } from '../../measure/process-tree.ts';
import { readState, readyWorkers } from '../../stacks/maque-control.ts';
import { repositoryFolder } from '../../stacks/paths.ts';
import { ServiceProcess } from '../../stacks/service-process.ts';
import { waitUntil } from '../../stacks/wait-until.ts';
import {
  type Contender,
  type ContenderContext,
  MARK_ENV,
  type NewsItem,
  type RunningContender,
  STATE_FOLDER,
  WORKERS,
} from './contender.ts';
import { ServiceFolder } from './service-folder.ts';
import { waitForWorkers } from './wait-for-workers.ts';

const run = promisify(execFile);
const COMMAND = join(repositoryFolder, 'packages/maque/bin/maque.js');
const BUNDLE = join(repositoryFolder, 'packages/maque/bundle/bin.cjs');
/** Two workers that have to finish, boot and answer a probe, on a busy machine. */
const REPLACE_TIMEOUT_MS: Milliseconds = 90_000;

/** `maque run server.js`. */
export const maqueContender: Contender = {
  name: 'maque',
  title: `Maque: maque run server.js --workers ${WORKERS}`,
  missing: () => (existsSync(BUNDLE) ? [] : ['npm run build']),
  start,
};

async function start(context: ContenderContext): Promise<RunningContender> {
  const service = new ServiceFolder(context.folder);
  const target = { host: '127.0.0.1', port: await freePort() };
  const dataDir = join(context.folder, STATE_FOLDER);
  const options = ['--workers', String(WORKERS), '--memory', String(context.memory), '--data-dir', dataDir];
  const keeper = await ServiceProcess.start(context, {
    name: 'maque',
    command: context.node,
    args: [COMMAND, 'run', ...options, service.script],
    env: {
      PORT: String(target.port),
      MAQUE_METRICS_PORT: String(await freePort()),
      [MARK_ENV]: context.mark,
    },
  });
  await waitForWorkers(target, () => keeper.assertRunning());
  const controlSocket = join(dataDir, 'control.sock');
  const news = new MaqueNews(controlSocket);
  const maque = async (...command: string[]): Promise<void> => {
    await run(context.node, [COMMAND, ...command, '--data-dir', dataDir], { timeout: REPLACE_TIMEOUT_MS });
  };
  return {
    target,
    rootPid: keeper.pid,
    assertRunning: () => keeper.assertRunning(),
    workerPids: () => treeOf([keeper.pid]).filter((pid) => pid !== keeper.pid),
    recycle: () => maque('recycle'),
    deploy: async (release) => {
      service.release(release);
      await maque('deploy');
    },
    changeSettings: async () => {
      const before = (await news.read()).length;
      process.kill(keeper.pid, 'SIGHUP');
      const isDone = async (): Promise<boolean> =>
        (await news.read()).slice(before).some(({ code }) => REPLACED.has(code));
      await waitUntil(isDone, { what: 'SIGHUP to be done', timeoutMs: REPLACE_TIMEOUT_MS, everyMs: 100 });
    },
    news: () => news.read(),
    fullestHeap: async () => fullestHeap(readyWorkers(await readState(controlSocket))),
    leakReports: join(dataDir, 'leak-reports'),
  };
}

function fullestHeap(workers: readonly ProcessStatus[]): number | null {
  const shares = workers.flatMap(({ heapFloor, heapLimit }) =>
    heapFloor === null || heapLimit === null ? [] : [heapFloor / heapLimit],
  );
  return shares.length === 0 ? null : Math.max(...shares);
}

/** How the keeper says that a replacement of all workers is over. */
const REPLACED = new Set(['RECYCLE_DONE', 'RECYCLE_FAILED', 'DEPLOY_DONE', 'DEPLOY_FAILED']);

interface KeeperEvent {
  readonly seq: number;
  readonly at: string;
  readonly code: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Collects the keeper's events, of which it keeps the last some hundred only. */
class MaqueNews {
  readonly #socketPath: string;
  readonly #items: NewsItem[] = [];
  #seen = 0;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  async read(): Promise<readonly NewsItem[]> {
    for (const { seq, at, code, data } of await this.#after(this.#seen)) {
      if (seq <= this.#seen) continue; // another read was quicker
      this.#seen = seq;
      this.#items.push({ atMs: Date.parse(at), code, data });
    }
    return this.#items;
  }

  async #after(seq: number): Promise<readonly KeeperEvent[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly KeeperEvent[]>();
    const request = get({ socketPath: this.#socketPath, path: `/events?after=${seq}` }, (response) => {
      json(response).then((answer) => resolve((answer as { events: readonly KeeperEvent[] }).events), reject);
    });
    request.on('error', reject);
    return await promise;
  }
}

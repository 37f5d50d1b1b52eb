import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@maque/testkit/process/free-port';
import { waitForFirstAnswer } from './first-answer.ts';
import { MaqueBooks } from './maque-books.ts';
import { repositoryFolder } from './paths.ts';
import { ServiceProcess } from './service-process.ts';
import type { RunningStack, Stack, StackContext } from './stack.ts';

const run = promisify(execFile);
const COMMAND = join(repositoryFolder, 'packages/maque/bin/maque.js');
const BUNDLE = join(repositoryFolder, 'packages/maque/bundle/bin.cjs');
const SHOP = join(repositoryFolder, 'examples/shop');
/** The goals are stated for two. */
const WORKERS = 2;

/** What only a stack with a keeper has. */
export interface RunningMaque extends RunningStack {
  readonly controlSocket: string;
  /** Replaces the workers one after the other, and waits until that is done. */
  recycle(): Promise<void>;
}

/** The example shop under the real `maque start`: keeper, two workers, everything on. */
export const maqueStack: Stack<RunningMaque> = {
  name: 'maque',
  title: `Maque: maque start examples/shop, keeper + ${WORKERS} workers`,
  missing: () => (existsSync(BUNDLE) ? [] : ['npm run build']),
  start,
};

async function start(context: StackContext): Promise<RunningMaque> {
  const target = { host: '127.0.0.1', port: await freePort() };
  const dataDir = join(context.folder, 'data');
  const service = await ServiceProcess.start(context, {
    name: 'maque',
    command: context.node,
    args: [COMMAND, 'start', SHOP, '--workers', String(WORKERS), '--data-dir', dataDir],
    env: {
      PORT: String(target.port),
      MAQUE_METRICS_PORT: String(await freePort()),
      // A few users stand for thousands: they are counted as always, and never too many.
      MAQUE_RATE_LIMIT_USER: '1000000000',
    },
  });
  await waitForFirstAnswer(target, () => service.assertRunning());
  const coldStartMs = performance.now() - service.startedAt;
  const books = new MaqueBooks(join(dataDir, 'maque.db'));
  context.closing.push('maque books', () => books.close());
  return {
    target,
    coldStartMs,
    serviceRoots: [service.pid],
    storageRoots: [],
    controlSocket: join(dataDir, 'control.sock'),
    recycle: async () => {
      await run(context.node, [COMMAND, 'recycle', '--data-dir', dataDir]);
    },
    readBooks: async () => books.read(),
  };
}

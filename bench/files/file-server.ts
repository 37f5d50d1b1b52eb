import { join } from 'node:path';
import type { Milliseconds } from '@maque/kit';
import { freePort } from '@maque/testkit/process/free-port';
import { logIn } from '../load/users.ts';
import { benchFolder, repositoryFolder } from '../stacks/paths.ts';
import { ServiceProcess } from '../stacks/service-process.ts';
import type { StackContext } from '../stacks/stack.ts';
import { waitUntil } from '../stacks/wait-until.ts';
import type { FileClient } from './file-client.ts';

export interface RunningFileServer extends FileClient {
  /** The keeper, with its worker below it. */
  readonly pid: number;
}

const START_TIMEOUT_MS: Milliseconds = 60_000;

/** Keeper and one worker with the memory settings of every start; only what a file may be is more. */
export async function startFileServer(context: StackContext): Promise<RunningFileServer> {
  const port = await freePort();
  const service = await ServiceProcess.start(context, {
    name: 'files',
    command: context.node,
    args: [
      join(repositoryFolder, 'packages/maque/bin/maque.js'),
      'start',
      join(benchFolder, 'plain/app'),
      ...['--workers', '1', '--data-dir', join(context.folder, 'data')],
    ],
    env: {
      PORT: String(port),
      MAQUE_METRICS_PORT: String(await freePort()),
      // What a server has by default, and one on a box of 2 GB.
      MAQUE_BODY_MEMORY: '16M',
      MAQUE_UPLOAD_LIMIT: '2G',
      MAQUE_UPLOAD_QUOTA: '100G',
      // A proxy buffers what comes slowly; here there is none, and 2 GB take their time.
      MAQUE_REQUEST_TIMEOUT: '30m',
      MAQUE_RATE_LIMIT_USER: '1000000000',
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const isUp = async (): Promise<boolean> => {
    service.assertRunning();
    return await fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  };
  await waitUntil(isUp, { what: 'the server of files', timeoutMs: START_TIMEOUT_MS, everyMs: 50 });
  const [user] = await logIn({ host: '127.0.0.1', port }, 1);
  if (user === undefined) throw new Error('nobody could log in');
  return { url, token: user.token, pid: service.pid };
}

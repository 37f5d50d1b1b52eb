import { join } from 'node:path';
import type { Milliseconds } from '@maque/kit';
import { freePort } from '@maque/testkit/process/free-port';
import { benchFolder, repositoryFolder } from '../stacks/paths.ts';
import { ServiceProcess } from '../stacks/service-process.ts';
import type { StackContext } from '../stacks/stack.ts';
import { waitUntil } from '../stacks/wait-until.ts';

/** A server of the notes, and the processes that it consists of. */
export interface RunningContender {
  readonly url: string;
  readonly roots: readonly number[];
}

/** One way to serve the notes. */
export interface Contender {
  readonly name: string;
  readonly title: string;
  start(context: StackContext): Promise<RunningContender>;
}

const START_TIMEOUT_MS: Milliseconds = 60_000;

/** Keeper and one worker, since what it is held against is one process too. */
export const maque: Contender = {
  name: 'maque',
  title: 'Maque: a declared collection, keeper + 1 worker, as it is by default',
  async start(context) {
    const port = await freePort();
    return serve(context, port, {
      args: [
        join(repositoryFolder, 'packages/maque/bin/maque.js'),
        'start',
        join(benchFolder, 'plain/app'),
        ...['--workers', '1', '--data-dir', join(context.folder, 'data')],
      ],
      env: {
        PORT: String(port),
        MAQUE_METRICS_PORT: String(await freePort()),
        // A few users stand for thousands: they are counted as always, and never too many.
        MAQUE_RATE_LIMIT_USER: '1000000000',
      },
    });
  },
};

/** @param synchronous what SQLite waits for at a commit: `FULL` for the disk, `NORMAL` for nothing. */
export function byHand(synchronous: 'FULL' | 'NORMAL'): Contender {
  return {
    name: `by-hand-${synchronous.toLowerCase()}`,
    title: `by hand: Fastify 5 + node:sqlite, synchronous = ${synchronous}, one process`,
    async start(context) {
      const port = await freePort();
      return serve(context, port, {
        args: [join(benchFolder, 'plain/by-hand.js')],
        env: { PORT: String(port), DATA_DIR: context.folder, SYNCHRONOUS: synchronous },
      });
    },
  };
}

async function serve(
  context: StackContext,
  port: number,
  { args, env }: { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> },
): Promise<RunningContender> {
  const service = await ServiceProcess.start(context, { name: 'notes', command: context.node, args, env });
  const url = `http://127.0.0.1:${port}`;
  const check = async (): Promise<boolean> => {
    service.assertRunning();
    return await fetch(`${url}/api/notes`).then(
      ({ ok }) => ok,
      () => false,
    );
  };
  await waitUntil(check, { what: 'the notes', timeoutMs: START_TIMEOUT_MS, everyMs: 50 });
  return { url, roots: [service.pid] };
}

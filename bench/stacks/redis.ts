import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort } from '@maque/testkit/process/free-port';
import { aptInstall, findProgram } from './debian-program.ts';
import { ServiceProcess } from './service-process.ts';
import type { StackContext } from './stack.ts';
import { waitUntil } from './wait-until.ts';

export interface Redis {
  readonly pid: number;
  readonly port: number;
}

export function missingRedis(): readonly string[] {
  return findProgram('redis-server') === undefined ? [aptInstall('redis-server')] : [];
}

/** Starts Redis with its defaults on a free port; its data dies with the stack's folder. */
export async function startRedis(context: StackContext): Promise<Redis> {
  const port = await freePort();
  const service = await ServiceProcess.start(context, {
    name: 'redis',
    command: findProgram('redis-server') ?? 'redis-server',
    args: ['--port', String(port), '--bind', '127.0.0.1', '--dir', context.folder],
  });
  const check = async (): Promise<boolean> => {
    service.assertRunning();
    return await accepts(port);
  };
  await waitUntil(check, { what: 'Redis', timeoutMs: 10_000, everyMs: 20 });
  return { pid: service.pid, port };
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

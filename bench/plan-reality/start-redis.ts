import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceProcess } from '../stacks/service-process.ts';
import { waitUntil } from '../stacks/wait-until.ts';
import type { BoxContext, BoxPart } from './box-part.ts';
import { fileAt, writeMoved } from './moved-files.ts';
import { RedisConnection } from './redis-connection.ts';

const CONFIG = '/etc/redis/redis.conf';
const UNIT = /redis-server\.service\.d\/50-/;

/** Redis with its rendered file, empty. */
export async function startRedis(context: BoxContext): Promise<BoxPart> {
  const folder = join(context.folder, 'redis');
  mkdirSync(join(folder, 'data'), { recursive: true });
  const { redis } = context.ports;
  const config = writeMoved(join(folder, 'redis.conf'), fileAt(context.files, CONFIG).content, [
    ['/run/redis/', `${folder}/`],
    ['/var/lib/redis', `${folder}/data`],
    ['/var/log/redis/', `${folder}/`],
    [/^port .*$/gm, `port ${redis}`],
  ]);
  const part = context.enter('redis', fileAt(context.files, UNIT).content);
  const service = await ServiceProcess.start(
    { ...context, launcher: part.launcher },
    {
      name: 'redis',
      command: context.programs.files['redis-server'],
      args: [config],
      env: context.programs.environment,
    },
  );
  const isUp = async () => {
    service.assertRunning();
    return await answers(redis);
  };
  await waitUntil(isUp, { what: 'Redis', timeoutMs: 10_000, everyMs: 20 });
  return part;
}

async function answers(port: number): Promise<boolean> {
  try {
    const connection = await RedisConnection.open(port);
    await connection.ask(['PING']);
    connection.close();
    return true;
  } catch {
    return false;
  }
}

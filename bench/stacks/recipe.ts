import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@maque/testkit/process/free-port';
import { waitForFirstAnswer } from './first-answer.ts';
import { type MariaDb, missingMariaDb, startMariaDb } from './mariadb.ts';
import { benchFolder, NPM_INSTALL_COMMAND, stacksFolder } from './paths.ts';
import { missingRedis, startRedis } from './redis.ts';
import { serviceEnvironment } from './service-environment.ts';
import type { RunningStack, SalesBooks, Stack, StackContext } from './stack.ts';

const run = promisify(execFile);
const PM2 = join(benchFolder, 'node_modules/pm2/bin/pm2');

/** What tutorials build: Express, mysql2, ioredis, winston and morgan under PM2, beside MariaDB and Redis. */
export const recipeStack: Stack = {
  name: 'recipe',
  title: 'tutorial recipe: Express 5 + mysql2 + ioredis, PM2 -i max, MariaDB, Redis',
  missing: () => [...(existsSync(PM2) ? [] : [NPM_INSTALL_COMMAND]), ...missingMariaDb(), ...missingRedis()],
  start,
};

async function start(context: StackContext): Promise<RunningStack> {
  const [mariaDb, redis] = await Promise.all([startMariaDb(context), startRedis(context)]);
  const target = { host: '127.0.0.1', port: await freePort() };
  const env = serviceEnvironment({
    PORT: String(target.port),
    DB_PORT: String(mariaDb.port),
    DB_USER: mariaDb.user,
    DB_PASSWORD: mariaDb.password,
    REDIS_PORT: String(redis.port),
    JWT_SECRET: randomBytes(32).toString('hex'),
    LOG_DIR: context.folder,
  });
  await run(context.node, [join(stacksFolder, 'recipe/create-database.js')], { env });
  const stockAtStart = await readStock(mariaDb);
  const startedAt = performance.now();
  const daemonPid = await startPm2(context, env);
  await waitForFirstAnswer(target, () => {});
  return {
    target,
    coldStartMs: performance.now() - startedAt,
    serviceRoots: [daemonPid],
    storageRoots: [mariaDb.pid, redis.pid],
    readBooks: () => readBooks(mariaDb, stockAtStart),
  };
}

/** Starts the app under a PM2 daemon of its own and registers the daemon's end. @returns the daemon's process id. */
async function startPm2(context: StackContext, appEnv: Record<string, string>): Promise<number> {
  const home = join(context.folder, 'pm2');
  mkdirSync(home);
  const env = {
    ...appEnv,
    PM2_HOME: home,
    PM2_DISABLE_VERSION_CHECK: 'true',
    // PM2 starts its daemon with whatever `node` it finds first.
    PATH: `${dirname(context.node)}${delimiter}${process.env.PATH ?? ''}`,
  };
  const pm2 = (...args: string[]) => run(context.node, [PM2, ...args], { env, cwd: context.folder });
  context.closing.push('pm2', () => pm2('kill', '--silent'));
  await pm2('start', join(stacksFolder, 'recipe/app.js'), '--name', 'shop', '-i', 'max', '--silent');
  return Number(readFileSync(join(home, 'pm2.pid'), 'utf8'));
}

function readStock(mariaDb: MariaDb): Promise<number> {
  return mariaDb.readNumber('SELECT SUM(stock) FROM shop.products');
}

async function readBooks(mariaDb: MariaDb, stockAtStart: number): Promise<SalesBooks> {
  return {
    orders: await mariaDb.readNumber('SELECT COUNT(*) FROM shop.orders'),
    quantityOrdered: await mariaDb.readNumber('SELECT COALESCE(SUM(quantity), 0) FROM shop.orders'),
    stockTaken: stockAtStart - (await readStock(mariaDb)),
  };
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { freePort } from '@maque/testkit/process/free-port';
import { waitForFirstAnswer } from './first-answer.ts';
import { NPM_INSTALL_COMMAND, stacksFolder } from './paths.ts';
import { ServiceProcess } from './service-process.ts';
import type { RunningStack, SalesBooks, Stack, StackContext } from './stack.ts';

/** Bare Fastify and node:sqlite in one process: the yardstick. */
export const leanStack: Stack = {
  name: 'lean',
  title: 'lean reference: Fastify 5 + node:sqlite, one process',
  missing: () => (existsSync(join(stacksFolder, '../node_modules/fastify')) ? [] : [NPM_INSTALL_COMMAND]),
  start,
};

async function start(context: StackContext): Promise<RunningStack> {
  const target = { host: '127.0.0.1', port: await freePort() };
  const service = await ServiceProcess.start(context, {
    name: 'lean',
    command: context.node,
    args: [join(stacksFolder, 'lean/server.js')],
    env: { PORT: String(target.port), DATA_DIR: context.folder },
  });
  await waitForFirstAnswer(target, () => service.assertRunning());
  const coldStartMs = performance.now() - service.startedAt;
  const database = new DatabaseSync(join(context.folder, 'shop.sqlite'), { readOnly: true });
  context.closing.push('lean books', () => database.close());
  const stockAtStart = readStock(database);
  return {
    target,
    coldStartMs,
    serviceRoots: [service.pid],
    storageRoots: [],
    readBooks: async () => readBooks(database, stockAtStart),
  };
}

function readStock(database: DatabaseSync): number {
  return Number(database.prepare('SELECT SUM(stock) AS stock FROM products').get()?.stock);
}

function readBooks(database: DatabaseSync, stockAtStart: number): SalesBooks {
  const sold = database.prepare('SELECT COUNT(*) AS orders, SUM(quantity) AS quantity FROM orders').get();
  return {
    orders: Number(sold?.orders),
    quantityOrdered: Number(sold?.quantity ?? 0),
    stockTaken: stockAtStart - readStock(database),
  };
}

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@maque/testkit/process/free-port';
import { aptInstall, findProgram } from './debian-program.ts';
import { ServiceProcess } from './service-process.ts';
import type { StackContext } from './stack.ts';
import { waitUntil } from './wait-until.ts';

const run = promisify(execFile);
const PROGRAMS = ['mariadbd', 'mariadb-install-db', 'mariadb'];

/** A MariaDB server with an empty database `shop` and a user for it. */
export interface MariaDb {
  readonly pid: number;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Runs SQL and answers with the first column of its first row. */
  readNumber(sql: string): Promise<number>;
}

export function missingMariaDb(): readonly string[] {
  return PROGRAMS.every((name) => findProgram(name) !== undefined) ? [] : [aptInstall('mariadb-server')];
}

/** Starts MariaDB as Debian configures it, but with its files in the stack's folder and on a free port. */
export async function startMariaDb(context: StackContext): Promise<MariaDb> {
  const dataDir = join(context.folder, 'mariadb');
  const socket = join(context.folder, 'mariadb.sock');
  const port = await freePort();
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : []; // refused as root unless told
  await runProgram('mariadb-install-db', [
    `--datadir=${dataDir}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...asRoot,
  ]);
  const service = await ServiceProcess.start(context, {
    name: 'mariadbd',
    command: findProgram('mariadbd') ?? 'mariadbd',
    args: [
      `--datadir=${dataDir}`,
      `--socket=${socket}`,
      `--pid-file=${join(context.folder, 'mariadb.pid')}`,
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      ...asRoot,
    ],
  });
  const query = (sql: string): Promise<string> =>
    runProgram('mariadb', ['--no-defaults', '--user=root', `--socket=${socket}`, '-N', '-B', '-e', sql]);
  await waitForServer(service, query);
  const password = randomBytes(16).toString('hex');
  await query(`CREATE DATABASE shop CHARACTER SET utf8mb4;
    CREATE USER shop@'127.0.0.1' IDENTIFIED BY '${password}';
    GRANT ALL ON shop.* TO shop@'127.0.0.1';`);
  return {
    pid: service.pid,
    port,
    user: 'shop',
    password,
    readNumber: async (sql) => Number((await query(sql)).split('\t')[0]),
  };
}

async function waitForServer(
  service: ServiceProcess,
  query: (sql: string) => Promise<string>,
): Promise<void> {
  const check = async (): Promise<boolean> => {
    service.assertRunning();
    return await query('SELECT 1').then(
      () => true,
      () => false,
    );
  };
  await waitUntil(check, { what: 'MariaDB', timeoutMs: 30_000, everyMs: 50 });
}

async function runProgram(name: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(findProgram(name) ?? name, args);
  return stdout;
}

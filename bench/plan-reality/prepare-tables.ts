import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ClosingStack } from '@maque/kit';
import { freePort } from '@maque/testkit/process/free-port';
import { findProgram } from '../stacks/debian-program.ts';
import { ServiceProcess } from '../stacks/service-process.ts';
import { waitUntil } from '../stacks/wait-until.ts';
import type { PrivatePrograms } from './private-programs.ts';
import { accepts, placeOf } from './start-mariadb.ts';

const run = promisify(execFile);

export const SQL_USER = 'bench';
/** It guards nothing: the server listens on loopback for as long as a run takes. */
export const SQL_PASSWORD = 'bench';

/** Rows of 1,000 bytes and a little, sixteen to a page; their number is what makes the tables large. */
const ROWS_PER_MB = 900;
const ORDERS = 20_000;
const PRODUCTS = 1_000;

export interface TablesOptions {
  readonly folder: string;
  readonly programs: PrivatePrograms;
  readonly closing: ClosingStack;
  /** Of the table that fills the pool; without it there is nothing but a user. */
  readonly sizeMb: number;
}

/** Makes a data folder once, for every run to copy. @returns the folder of a server that has ended */
export async function prepareTables({ folder, programs, closing, sizeMb }: TablesOptions): Promise<string> {
  const dataDir = join(folder, 'data');
  mkdirSync(folder, { recursive: true });
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  await run(findProgram('mariadb-install-db') ?? 'mariadb-install-db', [
    '--no-defaults',
    `--datadir=${dataDir}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...asRoot,
  ]);
  const server = await ServiceProcess.start(
    { folder, node: process.execPath, closing },
    {
      name: 'mariadbd-once',
      command: programs.files.mariadbd,
      args: ['--no-defaults', ...placeOf(folder, dataDir), `--port=${await freePort()}`, ...QUICK],
      env: programs.environment,
    },
  );
  const isUp = () => {
    server.assertRunning();
    return accepts(join(folder, 'mariadb.sock'));
  };
  await waitUntil(isUp, { what: 'MariaDB', timeoutMs: 30_000, everyMs: 50 });
  const sql = [...USER, ...(sizeMb === 0 ? [] : tables(sizeMb))].join(';\n');
  const client = ['--no-defaults', '--user=root', `--socket=${join(folder, 'mariadb.sock')}`, '-e', sql];
  await run(findProgram('mariadb') ?? 'mariadb', client);
  await server.stop();
  // With the list of pages that were in its pool the next one would load them before anybody asks.
  rmSync(join(dataDir, 'ib_buffer_pool'), { force: true });
  return dataDir;
}

/** For filling alone; the runs have their rendered file. */
const QUICK = [
  '--bind-address=127.0.0.1',
  '--innodb-buffer-pool-size=256M',
  '--innodb-log-file-size=48M',
  '--innodb-flush-log-at-trx-commit=0',
];

const USER = [
  'CREATE DATABASE shop CHARACTER SET utf8mb4',
  `CREATE USER ${SQL_USER}@'127.0.0.1' IDENTIFIED BY '${SQL_PASSWORD}'`,
  `GRANT ALL ON shop.* TO ${SQL_USER}@'127.0.0.1'`,
];

function tables(sizeMb: number): readonly string[] {
  return [
    'USE shop',
    'CREATE TABLE history (id INT PRIMARY KEY, body VARBINARY(1100) NOT NULL)',
    `INSERT INTO history SELECT seq, REPEAT(CHAR(65 + seq % 26), 1000) FROM seq_1_to_${sizeMb * ROWS_PER_MB}`,
    'CREATE TABLE products (id INT PRIMARY KEY, name VARCHAR(120) NOT NULL, category VARCHAR(60) NOT NULL)',
    `INSERT INTO products SELECT seq, CONCAT('product ', seq), CONCAT('category ', seq % 40) FROM seq_1_to_${PRODUCTS}`,
    `CREATE TABLE orders (id INT PRIMARY KEY, user_id INT NOT NULL, product_id INT NOT NULL, total_fen INT NOT NULL,
      note VARCHAR(200) NOT NULL, KEY (user_id))`,
    `INSERT INTO orders SELECT seq, seq % 3000, 1 + seq % ${PRODUCTS}, 100 + seq % 9000,
      CONCAT('please ring twice at door ', seq % 5000) FROM seq_1_to_${ORDERS}`,
  ];
}

/** Rows that so many MiB of pages hold. */
export function rowsOf(sizeMb: number): number {
  return sizeMb * ROWS_PER_MB;
}

export const TABLE_ROWS = { orders: ORDERS, products: PRODUCTS } as const;

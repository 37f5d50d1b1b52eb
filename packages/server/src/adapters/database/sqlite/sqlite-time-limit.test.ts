import { join } from 'node:path';
import { MiB } from '@maque/kit';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../testing/serve-app.ts';
import type { Database } from '../../../ports/database.ts';
import { openSqliteDatabase } from './sqlite-database.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let database: Database;

beforeEach(async () => {
  folder = await temporaryFolder();
  const path = join(folder.path, 'app.sqlite');
  database = await openSqliteDatabase({ path, cacheBytes: MiB, synchronous: 'normal' });
});
afterEach(async () => {
  await database.close();
  await folder.remove();
});

/** Counts to so many, which takes SQLite some 100 ns each. */
const counting = (rows: number, maxMs: number) => {
  const { query, dialect } = database;
  const counted = sql`with recursive counted(n) as (select 1 union all select n + 1 from counted limit ${rows})`;
  return sql`${counted} select max(n) as n from counted where ${dialect.withinTime(maxMs)}`.compile(query);
};

it('a statement ends when its time is over, and the next one has all of its own', async () => {
  const startedAt = performance.now();
  await expect(database.all(counting(1_000_000_000, 50))).rejects.toMatchObject({ code: 'QUERY_TOO_COSTLY' });
  // A thousand million rows would take minutes.
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  expect(await database.all(counting(1_000, 5_000))).toEqual([{ n: 1_000 }]);
});

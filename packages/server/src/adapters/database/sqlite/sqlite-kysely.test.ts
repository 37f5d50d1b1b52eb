import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { createSqliteQuery } from './sqlite-kysely.ts';

const database = new DatabaseSync(':memory:');
database.exec('create table notes (id text primary key, userId text, at integer)');
database.exec('create index newest on notes (userId, at)');
const query = createSqliteQuery(() => Promise.reject(new Error('nothing is run')));

afterEach(() => database.setAuthorizer(null));

/** How often SQLite asks what a statement may do while it runs, which it does when it plans anew. */
function plansOf(sql: string, runs: readonly (readonly SQLInputValue[])[]): number {
  let plans = 0;
  database.setAuthorizer(() => {
    plans += 1;
    return 0;
  });
  const statement = database.prepare(sql);
  plans = 0;
  for (const values of runs) statement.all(...values);
  return plans;
}

const newest = query.selectFrom('notes').select('id').where('userId', '=', 'u').orderBy('at', 'desc');
const LATER = sql<number>`${20}`;

test.each([
  ['that is known', newest.limit(20), [['u1'], ['u2'], ['u2']]],
  [
    'that comes later',
    newest.limit(LATER),
    [
      ['u1', 20],
      ['u2', 5],
      ['u2', 20],
    ],
  ],
])('a list with a limit %s is planned once, whatever its values', (_which, list, runs) => {
  expect(plansOf(list.compile().sql, runs)).toBe(0);
});

test('SQLite plans anew by a limit that is bound, which is what all this is for', () => {
  const { sql } = newest.limit(LATER).compile();
  expect(
    plansOf(sql.replace('limit ? + 0', 'limit ?'), [
      ['u1', 20],
      ['u2', 20],
    ]),
  ).toBeGreaterThan(0);
});

test('a limited list has as many rows as were asked for', () => {
  for (const id of ['a', 'b', 'c']) database.prepare('insert into notes values (?, ?, ?)').run(id, 'u', 1);
  const { sql, parameters } = query.selectFrom('notes').select('id').orderBy('id').limit(2).compile();
  expect(parameters).toEqual([]);
  expect(database.prepare(sql).all()).toHaveLength(2);
});

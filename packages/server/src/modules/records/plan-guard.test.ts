import { join } from 'node:path';
import { MiB, systemClock } from '@maque/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../testing/serve-app.ts';
import { openSqliteDatabase } from '../../adapters/database/sqlite/sqlite-database.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import type { Condition } from '../../define/condition.ts';
import { field } from '../../define/field-vocabulary.ts';
import type { Database, SlowStatement } from '../../ports/database.ts';
import { PlanGuard, type ScanFinding } from './plan-guard.ts';
import { prepareDatabase } from './prepare-database.ts';
import { QueryWatch } from './query-watch.ts';
import { createRecords } from './records.ts';
import { sortTermsOf } from './sort-terms.ts';
import { suggestIndex } from './suggest-index.ts';

const notes = collection({
  fields: {
    shelf: field.int(),
    title: field.text({ maxLength: 40 }),
    extra: field.object({ city: field.text({ maxLength: 10 }) }).optional(),
  },
  indexes: [['shelf', '-createdAt'], ['title']],
});
const app = defineApp({ collections: { notes } });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let database: Database;
let slow: SlowStatement[];
beforeAll(async () => {
  folder = await temporaryFolder();
  slow = [];
  database = await openSqliteDatabase({
    path: join(folder.path, 'app.sqlite'),
    cacheBytes: 4 * MiB,
    synchronous: 'normal',
    onSlow: (statement) => slow.push(statement),
  });
  const records = createRecords({ app, database, clock: systemClock });
  await prepareDatabase({ app, records, migrations: [], clock: systemClock });
  await fill(9_000, 'a');
});
afterAll(async () => {
  await database.close();
  await folder.remove();
});

async function fill(count: number, prefix: string): Promise<void> {
  await database.run({
    sql: `insert into notes (id, shelf, title, createdAt, updatedAt)
      with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
      select ? || i, i % 50, 'title ' || i, i, i from n`,
    parameters: [count, prefix],
  });
}

function recordsWatched(refuses: boolean) {
  const findings: ScanFinding[] = [];
  const plans = new PlanGuard({ database, refuses, onScan: (finding) => findings.push(finding) });
  return { findings, plans, data: createRecords({ app, database, clock: systemClock, plans }).data };
}

describe('a list without an index', () => {
  it('is served while the collection is small, and refused when it has become large', async () => {
    const { data, plans } = recordsWatched(true);
    const list = () => data.list(notes, { where: { 'extra.city': 'x' } as never, sort: ['-updatedAt'] });
    expect(await list()).toEqual([]);
    await fill(1_500, 'b');
    // The size is asked for once in a hundred runs.
    let refusal: unknown;
    for (let turn = 0; turn < 200 && refusal === undefined; turn += 1)
      await list().catch((error) => (refusal = error));
    expect(refusal).toMatchObject({
      code: 'INDEX_MISSING',
      data: { collection: 'notes', declaration: "indexes: [['extra.city', '-updatedAt']]" },
    });
    await expect(list()).rejects.toMatchObject({ code: 'INDEX_MISSING' });
    expect(plans.scans).toBe(2);
  });

  it('is told of once where it is served all the same', async () => {
    const { data, findings, plans } = recordsWatched(false);
    for (let turn = 0; turn < 3; turn += 1) await data.list(notes, { sort: ['updatedAt'], limit: 1 });
    expect(findings).toMatchObject([{ collection: 'notes', index: ['updatedAt'] }]);
    expect(findings[0]?.plan.join()).toContain('SCAN notes');
    expect(plans.scans).toBe(3);
  });

  it('is explained and told of so often and no more, however many are made up', async () => {
    const lines: object[] = [];
    const log = { warn: (facts: object) => lines.push(facts) };
    const watch = new QueryWatch({ log: log as never, refusesScans: false });
    let explained = 0;
    const counted: Pick<Database, 'estimateRows' | 'explain'> = {
      estimateRows: (table) => database.estimateRows(table),
      explain: (statement) => {
        explained += 1;
        return database.explain(statement);
      },
    };
    const plans = watch.plansOf(counted as Database);
    const { data } = createRecords({ app, database, clock: systemClock, plans });
    for (let length = 1; length <= 80; length += 1) {
      // A list of up to 2, 4, 8 … values, with one comparison more or less, in one of three orders.
      const at = '1970-01-01T00:00:00Z';
      const city = { in: Array.from({ length: 2 ** (length % 8) }, (_, index) => `c${index}`) };
      const createdAt = length < 40 ? { '>=': at } : { '!=': at };
      const sort = [
        ['updatedAt'],
        ['-updatedAt'],
        ['updatedAt', '-createdAt'],
        ['-updatedAt', 'title'],
        ['updatedAt', 'title'],
      ][length % 5];
      await data.list(notes, {
        where: { 'extra.city': city, createdAt } as never,
        sort: sort as never,
        limit: 1,
      });
    }
    expect(lines).toHaveLength(20);
    expect(explained).toBe(60);
  });

  it('is none when an index leads to its records or has its order', async () => {
    const { data, findings } = recordsWatched(true);
    await data.list(notes, { where: { shelf: 3 }, sort: ['-createdAt'] });
    await data.list(notes, { where: { shelf: { in: [3, 4] } }, sort: ['title'] });
    await data.list(notes, { where: { 'extra.city': 'x' } as never, sort: ['title'], limit: 1 });
    await data.list(notes, { sort: ['id'] });
    expect(findings).toEqual([]);
  });
});

describe('the index to declare', () => {
  const compare = (name: string, comparator: '=' | '>'): Condition => ({
    ...{ kind: 'compare', field: name, comparator, operand: 1 },
  });
  const all = (...parts: Condition[]): Condition => ({ kind: 'all', parts });

  it.each<[string, Condition, string[], string[]]>([
    ['what is fixed, then the order', all(compare('b', '='), compare('a', '>')), ['-c'], ['b', '-c']],
    ['the order alone', all(compare('a', '>')), ['c', '-d'], ['c', '-d']],
    ['what is compared where there is no order', all(compare('a', '>')), ['id'], ['a']],
    ['nothing twice', all(compare('c', '='), compare('c', '=')), ['c'], ['c']],
    ['nothing for what any of several may fit', { kind: 'any', parts: [compare('a', '=')] }, ['id'], []],
  ])('has %s', (_, condition, sort, index) => {
    expect(suggestIndex(condition, sortTermsOf(sort))).toEqual(index);
  });
});

it('tells of slow statements with their plan and without their values', async () => {
  const lines: object[] = [];
  const watch = new QueryWatch({
    log: { warn: (facts: object) => lines.push(facts) } as never,
    refusesScans: true,
  });
  watch.plansOf(database);
  const heavy = `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
    select (select count(*) from notes), count(*) from n`;
  await database.arrays({ sql: heavy, parameters: [3_000_000] });
  // On a busy machine others were slow before.
  const heavyOnes = slow.filter(({ sql }) => sql === heavy);
  expect(heavyOnes).toHaveLength(1);
  for (const statement of [...heavyOnes, ...heavyOnes]) watch.onSlow(statement);
  await expect.poll(() => lines.length).toBe(1);
  expect(lines[0]).toMatchObject({
    sql: heavy,
    plan: expect.arrayContaining([expect.stringContaining('notes')]),
  });
  expect(JSON.stringify(lines)).not.toContain('3000000');
  expect(watch.metrics()[0]).toMatchObject({ samples: [{ value: 2 }] });
});

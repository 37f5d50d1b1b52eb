import { join } from 'node:path';
import { MiB } from '@maque/kit';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../../testing/serve-app.ts';
import { openSqliteDatabase } from '../../adapters/database/sqlite/sqlite-database.ts';
import type { Database, SqlValue } from '../../ports/database.ts';
import { type KeysetTerm, keysetExpression } from './keyset-sql.ts';
import { bindTemplate, compileTemplate } from './statement-template.ts';

interface Row {
  readonly id: string;
  readonly a: number;
  readonly b: number | null;
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let database: Database;
beforeAll(async () => {
  folder = await temporaryFolder();
  const path = join(folder.path, 'app.sqlite');
  database = await openSqliteDatabase({ path, cacheBytes: MiB, synchronous: 'normal' });
  await database.run({ sql: 'create table rows (id text, a integer, b integer)', parameters: [] });
});
afterAll(async () => {
  await database.close();
  await folder.remove();
});

const rows = fc
  .array(fc.record({ a: fc.nat(2), b: fc.option(fc.nat(1)) }), { maxLength: 8 })
  .map((values) => values.map((value, index): Row => ({ id: `r${index}`, ...value })));
const order = fc.tuple(
  fc.constantFrom<readonly (keyof Row)[]>(
    ['a', 'id'],
    ['b', 'id'],
    ['a', 'b', 'id'],
    ['b', 'a', 'id'],
    ['id'],
  ),
  fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
);

it.each([true, false])(
  'finds exactly what comes after each record (ranges of row values: %s)',
  async (rowValueRanges) => {
    const dialect = { ...database.dialect, rowValueRanges };
    const property = fc.asyncProperty(rows, order, async (given, [names, directions]) => {
      await database.run({ sql: 'delete from rows', parameters: [] });
      for (const { id, a, b } of given) {
        await database.run({ sql: 'insert into rows values (?, ?, ?)', parameters: [id, a, b] });
      }
      const terms = names.map((field, index) => ({ field, descending: directions[index] === true }));
      const sorted = given.toSorted((x, y) => compare(x, y, terms));
      for (const [index, row] of sorted.entries()) {
        expect(await idsAfter(row, terms, dialect)).toEqual(
          sorted
            .slice(index + 1)
            .map(({ id }) => id)
            .toSorted(),
        );
      }
    });
    await fc.assert(property, { numRuns: 60 });
  },
);

type Term = { readonly field: keyof Row; readonly descending: boolean };

async function idsAfter(row: Row, terms: readonly Term[], dialect: Database['dialect']): Promise<unknown[]> {
  const keyset = terms.map(
    ({ field, descending }): KeysetTerm => ({
      ...{ value: sql.ref(field), descending },
      ...{ isNullable: field === 'b', isNull: row[field] === null },
    }),
  );
  const values: SqlValue[] = terms.map(({ field }) => row[field]).filter((value) => value !== null);
  const template = compileTemplate(
    database.query
      .selectFrom('rows')
      .select('id')
      .where((where) => keysetExpression(where, keyset, dialect, 0))
      .orderBy('id'),
  );
  return (await database.arrays(bindTemplate(template, values))).flat();
}

/** Null first, as databases have it. */
function compare(x: Row, y: Row, terms: readonly Term[]): number {
  for (const { field, descending } of terms) {
    const [a, b] = [x[field], y[field]];
    if (a === b) continue;
    const isLess = a === null || (b !== null && a < b);
    return isLess === descending ? 1 : -1;
  }
  return 0;
}

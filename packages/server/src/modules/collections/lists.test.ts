import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServedApp, serveApp, temporaryFolder } from '../../../testing/serve-app.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { field } from '../../define/field-vocabulary.ts';

const books = collection({
  fields: {
    title: field.text({ maxLength: 40 }),
    copies: field.int({ min: 0 }),
    shelf: field.text({ maxLength: 10 }).optional(),
    cost: field.int().default(1).hidden(),
    blurb: field.text({ maxLength: 4_000 }).default('…'),
  },
  indexes: [['copies', 'title'], ['-copies']],
  sort: ['-createdAt'],
  rules: { list: 'public' },
});
const app = defineApp({ collections: { books } });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let served: ServedApp;
beforeEach(async () => {
  folder = await temporaryFolder();
  served = await serveApp(app, { path: join(folder.path, 'app.sqlite') });
  for (let index = 0; index < 25; index += 1) {
    await served.records.data.create(books, {
      id: `b${String(index).padStart(2, '0')}`,
      title: `title ${index % 7}`,
      copies: index % 5,
      shelf: index % 3 === 0 ? null : `s${index % 4}`,
    });
  }
});
afterEach(async () => {
  await served.close();
  await folder.remove();
});

const list = async (query: Record<string, string | number> = {}) =>
  served.call(`/api/books?${new URLSearchParams(query as Record<string, string>)}`);
const idsOf = (answer: { json: { items: { id: string }[] } }) => answer.json.items.map(({ id }) => id);

/** All pages of a list, by its cursors. */
async function pages(query: Record<string, string | number>): Promise<string[][]> {
  const found: string[][] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const answer = await list(cursor === '' ? query : { ...query, cursor });
    expect(answer.status).toBe(200);
    found.push(idsOf(answer));
    cursor = answer.json.nextCursor;
  }
  return found;
}

describe('a list', () => {
  it('gives 20 of the default order, and where to go on', async () => {
    const answer = await list();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(idsOf(answer)).toEqual(
      Array.from({ length: 20 }, (_, index) => `b${24 - index}`.replace(/b(\d)$/, 'b0$1')),
    );
    expect(answer.json.items[0]).toEqual({
      id: 'b24',
      title: 'title 3',
      copies: 4,
      shelf: null,
      blurb: '…',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updatedAt: expect.any(String),
    });
    const next = await list({ cursor: answer.json.nextCursor });
    expect(idsOf(next)).toEqual(['b04', 'b03', 'b02', 'b01', 'b00']);
    expect(next.json.nextCursor).toBeNull();
  });

  it('ends without a cursor when the last page is full', async () => {
    expect((await pages({ limit: 5 })).map((page) => page.length)).toEqual([5, 5, 5, 5, 5]);
  });

  it.each(['copies,title', '-copies,title', '-copies', 'shelf', '-shelf,copies', 'title,-id', 'id'])(
    'walks all records once in the order %s',
    async (sort) => {
      const records = [...(await list({ limit: 100 })).json.items] as Record<string, unknown>[];
      const keys = sort
        .split(',')
        .map((key) => ({ name: key.replace('-', ''), sign: key.startsWith('-') ? -1 : 1 }));
      if (!keys.some(({ name }) => name === 'id')) keys.push({ name: 'id', sign: keys.at(-1)?.sign ?? 1 });
      const sorted = records.toSorted((a, b) => {
        for (const { name, sign } of keys) {
          const order = orderOf(a[name], b[name]);
          if (order !== 0) return order * sign;
        }
        return 0;
      });
      expect((await pages({ sort, limit: 4 })).flat()).toEqual(sorted.map(({ id }) => id));
    },
  );

  it('stays right while records come and go between pages', async () => {
    const { data } = served.records;
    const first = await list({ sort: 'copies,title', limit: 10 });
    const seen = idsOf(first);
    await data.create(books, { id: 'before', title: 'a', copies: 0 });
    await data.create(books, { id: 'behind', title: 'z', copies: 4 });
    await data.delete(books, seen.at(-1) ?? '');
    const rest = await pages({ sort: 'copies,title', limit: 10, cursor: first.json.nextCursor });
    const all = [...seen, ...rest.flat()];
    expect(new Set(all).size).toBe(all.length);
    expect(all).toContain('behind');
    expect(all).not.toContain('before');
    expect(all).toHaveLength(26);
  });

  it('answers with the fields that were chosen', async () => {
    const { json } = await list({ fields: 'title,id', sort: 'copies', limit: 2 });
    expect(json.items).toEqual([
      { id: 'b00', title: 'title 0' },
      { id: 'b05', title: 'title 5' },
    ]);
    expect((await list({ fields: 'title', sort: '-copies', limit: 2, cursor: '' })).status).toBe(400);
    const next = await list({ fields: 'title', sort: 'copies', limit: 2 });
    expect(
      (await list({ fields: 'id', sort: 'copies', limit: 1, cursor: next.json.nextCursor })).json.items,
    ).toEqual([{ id: 'b10' }]);
  });

  it('is filtered', async () => {
    const filter = 'copies in (0, 4) and not (title = "title 0" or shelf = null)';
    expect(idsOf(await list({ filter, sort: 'id' }))).toEqual(['b04', 'b05', 'b10', 'b19', 'b20']);
    expect(idsOf(await list({ filter: 'title like "TITLE 6" and shelf != "s2"', sort: 'id' }))).toEqual(
      ['b13', 'b20'].concat(['b06']).toSorted(),
    );
  });

  it.each([
    [{ limit: 0 }, 'VALIDATION_FAILED'],
    [{ limit: 101 }, 'VALIDATION_FAILED'],
    [{ limit: '1e1' }, 'VALIDATION_FAILED'],
    [{ limt: 5 }, 'VALIDATION_FAILED'],
    [{ sort: 'nothing' }, 'SORT_INVALID'],
    [{ sort: 'cost' }, 'SORT_INVALID'],
    [{ sort: 'blurb' }, 'SORT_INVALID'],
    [{ sort: 'title,title' }, 'SORT_INVALID'],
    [{ sort: 'title;drop table books' }, 'SORT_INVALID'],
    [{ sort: 'title,copies,shelf,id,createdAt' }, 'SORT_INVALID'],
    [{ sort: '' }, 'SORT_INVALID'],
    [{ fields: 'nothing' }, 'FIELDS_INVALID'],
    [{ fields: 'cost' }, 'FIELDS_INVALID'],
    [{ fields: '' }, 'FIELDS_INVALID'],
    [{ filter: 'cost = 1' }, 'FILTER_INVALID'],
    [{ filter: "title = '' OR 1=1; DROP TABLE books" }, 'FILTER_INVALID'],
    [{ cursor: 'abc' }, 'CURSOR_INVALID'],
  ])('refuses %j with %s', async (query, code) => {
    const answer = await list(query);
    expect(answer).toMatchObject({ status: 400, json: { error: { code } } });
    expect(answer.text).not.toMatch(/select|sqlite/i);
  });

  it('refuses a parameter that is given twice', async () => {
    expect((await served.call('/api/books?limit=1&limit=2')).json.error).toMatchObject({
      code: 'VALIDATION_FAILED',
      details: [{ path: 'limit' }],
    });
  });

  it('refuses a cursor of another order or filter', async () => {
    const { nextCursor: cursor } = (await list({ limit: 2, sort: 'title' })).json;
    expect((await list({ limit: 2, sort: 'title', cursor })).status).toBe(200);
    expect((await list({ limit: 2, cursor })).json.error.code).toBe('CURSOR_INVALID');
    expect((await list({ limit: 2, sort: 'title', filter: 'copies = 1', cursor })).json.error.code).toBe(
      'CURSOR_INVALID',
    );
  });

  it('reads a page of a declared index from it, however deep, without sorting', async () => {
    const plans: string[] = [];
    const { database } = served;
    const seen = database.arrays.bind(database);
    database.arrays = async (statement) => {
      const { sql, parameters } = statement;
      const plan = await seen({ sql: `explain query plan ${sql}`, parameters });
      plans.push(plan.map((row) => row.at(-1)).join('; '));
      return seen(statement);
    };
    await pages({ sort: 'copies,title', limit: 8 });
    await pages({ sort: '-copies', limit: 8 });
    expect(plans).toHaveLength(8);
    for (const plan of plans) expect(plan).toMatch(/^(SCAN|SEARCH) books USING INDEX[^;]*$/);
    expect(plans.filter((plan) => plan.startsWith('SEARCH'))).toHaveLength(6);
  });
});

function orderOf(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return (a as string | number) < (b as string | number) ? -1 : 1;
}

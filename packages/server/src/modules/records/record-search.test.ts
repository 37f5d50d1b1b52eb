import { join } from 'node:path';
import { MiB, systemClock } from '@maque/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../testing/serve-app.ts';
import { openSqliteDatabase } from '../../adapters/database/sqlite/sqlite-database.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { field } from '../../define/field-vocabulary.ts';
import { loadRichText } from '../../define/load-rich-text.ts';
import type { Database } from '../../ports/database.ts';
import type { Position } from './list-order.ts';
import { prepareDatabase } from './prepare-database.ts';
import type { RecordModel } from './record-model.ts';
import { createRecords, type Records } from './records.ts';
import { searchQueryOf } from './search-query.ts';
import { sortTermsOf } from './sort-terms.ts';

const notes = collection({
  fields: {
    title: field.text({ maxLength: 100 }),
    body: field.richText({ maxLength: 1_000 }).optional(),
    shelf: field.int().default(1),
  },
  search: ['title', 'body'],
  softDelete: { keepFor: '30d' },
});
const app = defineApp({ collections: { notes } });
const ALL = { kind: 'all', parts: [] } as const;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let database: Database;
let records: Records;
let model: RecordModel;
beforeAll(async () => {
  folder = await temporaryFolder();
  database = await openSqliteDatabase({
    path: join(folder.path, 'app.sqlite'),
    cacheBytes: 4 * MiB,
    synchronous: 'normal',
  });
  records = createRecords({ app, database, clock: systemClock });
  await prepareDatabase({
    app,
    records,
    migrations: [],
    clock: systemClock,
  });
  await loadRichText(app);
  [model] = records.models as [RecordModel];
  const rows: [string, string, string | null, number?][] = [
    ['cup', '绿茶杯', '<p>保温，<b>不锈</b>钢 &amp; glass</p>'],
    ['red', '红茶', '<p>比绿茶浓</p>', 2],
    ['pot', 'Teapot, blue', null],
    ['caf', 'Ｃafé 茶点', null],
    ['box', '礼盒', '绿色的 tea 礼物', 2],
  ];
  for (const [id, title, body, shelf = 1] of rows)
    await records.data.create(notes, { id, title, body, shelf });
});
afterAll(async () => {
  await database.close();
  await folder.remove();
});

interface Wishes {
  readonly fields?: readonly string[];
  readonly limit?: number;
  readonly after?: Position;
  readonly shelf?: number;
}

async function page(text: string, { fields = ['title', 'body'], limit = 10, after, shelf }: Wishes = {}) {
  const condition =
    shelf === undefined
      ? ALL
      : ({ kind: 'compare', field: 'shelf', comparator: '=', operand: shelf } as const);
  const { rows, positions } = await records.session.store.lists.search(database, model, {
    search: searchQueryOf(text, fields),
    condition,
    callerId: undefined,
    after,
    limit,
    columns: model.columns,
  });
  return { ids: rows.map(([id]) => id as string), positions };
}
const find = async (text: string, wishes?: Wishes) => (await page(text, wishes)).ids;

describe('a search', () => {
  it.each<[string, string, string[]]>([
    ['one character, wherever it stands', '茶', ['caf', 'red', 'cup']],
    ['the last character', '杯', ['cup']],
    ['two characters', '绿茶', ['cup', 'red']],
    ['three characters', '绿茶杯', ['cup']],
    ['characters that are not together', '绿杯', []],
    ['the beginning of a word', 'tea', ['pot', 'box']],
    ['a part of a word not at its beginning', 'pot', []],
    ['other cases, widths and accents', 'CAFE', ['caf']],
    ['words beside each other without a space', 'café茶点', ['caf']],
    ['several words, in whatever order', '礼物 tea', ['box']],
    ['words of which one is nowhere', '绿茶 coffee', []],
    ['text across tags that stand within a word', '不锈钢', ['cup']],
    ['no tags', 'b p', []],
    ['no entities', 'amp', []],
  ])('finds %s', async (_, text, ids) => {
    expect(await find(text)).toEqual(ids);
  });

  it('puts first what has it in the first field, and of those the latest', async () => {
    expect(await find('绿茶')).toEqual(['cup', 'red']);
    expect(await find('绿茶', { fields: ['body', 'title'] })).toEqual(['red', 'cup']);
  });

  it('finds words that are spread over fields last', async () => {
    expect(await find('红茶 浓')).toEqual(['red']);
    expect(await find('红茶 浓', { fields: ['title'] })).toEqual([]);
  });

  it('looks only into the fields that it is told', async () => {
    expect(await find('保温', { fields: ['title'] })).toEqual([]);
    expect(await find('保温', { fields: [] })).toEqual([]);
  });

  it('finds nothing where there is no word, and takes nothing for syntax', async () => {
    for (const text of [
      '',
      '   ',
      '!!!',
      '"',
      '*',
      '(',
      'NOT',
      'a AND',
      '{title} : x',
      "'; drop table notes",
    ])
      expect(await find(text)).toEqual([]);
  });

  it('is joined with the condition before the page is cut', async () => {
    expect(await find('茶', { shelf: 2 })).toEqual(['red']);
    expect(await find('绿', { shelf: 2, limit: 1 })).toEqual(['box']);
  });

  it('is read page by page, each record once, while others are written', async () => {
    const seen: string[] = [];
    let after: Position | undefined;
    for (let turn = 0; turn < 5; turn += 1) {
      const { ids, positions } = await page('绿茶', { limit: 1, ...(after === undefined ? {} : { after }) });
      seen.push(...ids);
      await records.data.create(notes, { id: `new${turn}`, title: '绿茶' });
      if (positions[0] === undefined) break;
      after = positions[0];
    }
    expect(seen).toEqual(['cup', 'red']);
    for (let turn = 0; turn < 5; turn += 1) await records.data.delete(notes, `new${turn}`);
  });

  it('follows changes and deletions', async () => {
    await records.data.create(notes, { id: 'moving', title: '普洱' });
    await records.data.update(notes, 'moving', { title: '龙井' });
    expect([await find('普洱'), await find('龙井')]).toEqual([[], ['moving']]);
    await records.data.delete(notes, 'moving');
    expect(await find('龙井')).toEqual([]);
  });

  it('in another order finds one’s own however often others have the word, and counts them', async () => {
    // What `notes` has by then stays: the words are others.
    await database.run({
      sql: `insert into notes (id, title, shelf, createdAt, updatedAt)
        with recursive n(i) as (select 1 union all select i + 1 from n where i < 21000)
        select 'many' || i, case i % 2 when 0 then '白毫' else '白毫 银针' end, case when i <= 3 then 7 else 8 end, i, i from n`,
      parameters: [],
    });
    const { store } = records.session;
    const own = { kind: 'compare', field: 'shelf', comparator: '=', operand: 7 } as const;
    for (const [words, ids] of [
      ['银针', ['many3', 'many1']],
      ['白毫', ['many3', 'many2', 'many1']],
    ] as const) {
      const search = searchQueryOf(words, ['title', 'body']);
      const about = { callerId: undefined, maxMs: 10_000, search };
      const rows = await store.lists.select(database, model, {
        ...{ ...about, condition: own, limit: 10, columns: model.columns },
        sort: sortTermsOf(['-createdAt']),
      });
      expect(rows.map(([id]) => id)).toEqual(ids);
      expect(await store.lists.count(database, model, { ...about, of: own, max: 9 })).toBe(ids.length);
      expect(await store.lists.count(database, model, { ...about, of: ALL, max: 100_000 })).toBe(
        words === '白毫' ? 21_000 : 10_500,
      );
    }
  });

  it('in another order ends when its time is over, instead of with less than there is', async () => {
    const search = searchQueryOf('白毫', ['title', 'body']);
    const about = { callerId: undefined, maxMs: 0, search };
    const { lists } = records.session.store;
    await expect(lists.count(database, model, { ...about, of: ALL, max: 100_000 })).rejects.toMatchObject({
      code: 'QUERY_TOO_COSTLY',
    });
    const sorted = { sort: sortTermsOf(['shelf']), limit: 10, columns: model.columns };
    await expect(
      lists.select(database, model, { ...about, ...sorted, condition: ALL }),
    ).rejects.toMatchObject({ code: 'QUERY_TOO_COSTLY' });
  });

  it('can be sorted by something else, and counted', async () => {
    const search = searchQueryOf('茶', ['title', 'body']);
    const { store } = records.session;
    const rows = await store.lists.select(database, model, {
      ...{ condition: ALL, callerId: undefined, search, limit: 2, columns: model.columns },
      sort: [
        { field: 'title', descending: false },
        { field: 'id', descending: false },
      ],
    });
    expect(rows.map(([id]) => id)).toEqual(['red', 'cup']);
    expect(await store.lists.count(database, model, { of: ALL, callerId: undefined, search, max: 9 })).toBe(
      3,
    );
    const nothing = searchQueryOf('!', ['title']);
    expect(
      await store.lists.count(database, model, { of: ALL, callerId: undefined, search: nothing, max: 9 }),
    ).toBe(0);
  });
});

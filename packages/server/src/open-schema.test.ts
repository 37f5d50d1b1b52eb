import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createManualClock, type ManualClock, resolveSettings } from '@maque/kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/serve-app.ts';
import { dataFolderAt } from './config/data-folder.ts';
import { serverSettings } from './config/settings-table.ts';
import { openSchema, type Schema } from './open-schema.ts';
import { openDatabase } from './open-stores.ts';
import type { Database } from './ports/database.ts';

const { values: defaults } = resolveSettings(serverSettings, []);
const DEFINE = new URL('./define/index.ts', import.meta.url).href;
const BOTH = { allowDataLoss: false, makesBackup: true };
const LOSING = { allowDataLoss: true, makesBackup: true };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let clock: ManualClock;
let opened: (Schema | Database)[];
let version: number;
beforeEach(async () => {
  folder = await temporaryFolder();
  clock = createManualClock(1_000);
  opened = [];
  version = 0;
});
afterEach(async () => {
  await Promise.all(opened.map((one) => one.close()));
  await folder.remove();
});

/** The schema of an app whose module declares these collections. */
async function schemaOf(collections: string): Promise<Schema> {
  version += 1;
  const app = join(folder.path, `app${version}.ts`);
  const source = `import { collection, defineApp, field } from '${DEFINE}';
    const title = field.text({ maxLength: 40 });
    const books = (fields, more = {}) => collection({ fields, ...more });
    export default defineApp({ collections: ${collections} });`;
  await writeFile(app, source);
  const data = dataFolderAt(join(folder.path, 'data'));
  await mkdir(data.path, { recursive: true });
  const schema = await openSchema({ app, settings: defaults, folder: data, clock });
  opened.push(schema);
  return schema;
}

async function database(): Promise<Database> {
  const one = await openDatabase({
    ...{ settings: defaults, clock, attention: () => {} },
    folder: dataFolderAt(join(folder.path, 'data')),
  });
  opened.push(one);
  return one;
}

async function addBook(values: Readonly<Record<string, unknown>>): Promise<void> {
  const { query } = await database();
  await query
    .insertInto('books')
    .values({ id: 'b1', createdAt: 1, updatedAt: 1, ...values })
    .execute();
}

const steps = ({ steps }: { readonly steps: readonly { table: string; step: { kind: string } }[] }) =>
  steps.map(({ table, step }) => `${table}: ${step.kind}`);

describe('changing tables by command', () => {
  it('shows what it would do, and does nothing by showing it', async () => {
    await (await schemaOf('{ books: books({ title }) }')).migrate(BOTH);
    await addBook({ title: 'x' });
    const next = await schemaOf(
      '{ books: books({ pages: field.int().default(1) }, { indexes: [["pages"]] }) }',
    );
    for (let turn = 0; turn < 2; turn += 1) {
      const plan = await next.diff();
      expect(steps(plan)).toEqual(['books: drop-column', 'books: add-column', 'books: create-index']);
      expect(plan.obstacles).toEqual([]);
      expect(plan.losses).toMatchObject([{ path: 'collections.books.fields.title', data: { count: 1 } }]);
    }
  });

  it('loses nothing unless told, and keeps a copy of what was lost', async () => {
    await (await schemaOf('{ books: books({ title }), gone: books({ title }) }')).migrate(BOTH);
    await addBook({ title: 'x' });
    const next = await schemaOf('{ books: books({ title: field.int().optional() }) }');
    await expect(next.migrate(BOTH)).rejects.toMatchObject({ code: 'SCHEMA_CHANGE_REFUSED' });
    const change = await next.migrate(LOSING);
    expect(steps(change ?? { steps: [] })).toEqual([
      'books: drop-column',
      'gone: drop-table',
      'books: add-column',
    ]);
    expect(change?.backup).toMatch(/backups\/before-change-.*\.db$/);
    expect(await next.migrate(BOTH)).toBeNull();
    await expect(next.rollback(BOTH)).rejects.toMatchObject({
      code: 'SCHEMA_UNDO_IMPOSSIBLE',
      data: { id: 2, backup: change?.backup },
    });
  });

  it('takes the latest change back, then the one before', async () => {
    await (await schemaOf('{ books: books({ title }) }')).migrate(BOTH);
    await addBook({ title: 'x' });
    const wide = `{ books: books({ name: title.renamedFrom('title'), note: title.optional() },
      { indexes: [['name']], search: ['name'] }) }`;
    const second = await schemaOf(wide);
    await second.migrate(BOTH);
    expect((await second.rollback(BOTH)).id).toBe(2);
    const rows = await (await database()).query.selectFrom('books').selectAll().execute();
    expect(rows).toEqual([{ id: 'b1', title: 'x', createdAt: 1, updatedAt: 1 }]);
    const history = await second.history();
    expect(history.map(({ id, undoneAt }) => [id, undoneAt])).toEqual([
      [2, 1_000],
      [1, null],
    ]);
    await expect(second.rollback(BOTH)).rejects.toMatchObject({
      code: 'SCHEMA_CHANGE_REFUSED',
      details: [{ path: 'collections.books' }],
    });
    expect((await second.rollback(LOSING)).id).toBe(1);
    await expect(second.rollback(BOTH)).rejects.toMatchObject({ code: 'SCHEMA_NOTHING_TO_UNDO' });
    expect(steps((await second.migrate(BOTH)) ?? { steps: [] })[0]).toBe('books: create-table');
  });

  it('refuses to take back what has been written since, unless told', async () => {
    await (await schemaOf('{ books: books({ title }) }')).migrate(BOTH);
    const second = await schemaOf('{ books: books({ title, note: title.optional() }) }');
    await second.migrate(BOTH);
    await addBook({ title: 'x', note: 'new' });
    await expect(second.rollback(BOTH)).rejects.toMatchObject({
      code: 'SCHEMA_CHANGE_REFUSED',
      details: [{ path: 'collections.books.fields.note' }],
    });
    expect((await second.rollback(LOSING)).id).toBe(2);
  });

  it('does not bring back what was deleted when deletion is for good from now on', async () => {
    await (await schemaOf("{ books: books({ title }, { softDelete: { keepFor: '1d' } }) }")).migrate(BOTH);
    await addBook({ title: 'x', deletedAt: 5 });
    const next = await schemaOf('{ books: books({ title }) }');
    await expect(next.migrate(BOTH)).rejects.toMatchObject({ code: 'SCHEMA_CHANGE_REFUSED' });
    await next.migrate(LOSING);
    expect(await (await database()).query.selectFrom('books').selectAll().execute()).toEqual([]);
  });

  it('drops collections that refer to each other', async () => {
    const circle = `(() => { const a = collection({ fields: { b: field.relation(() => b).optional() } });
      const b = collection({ fields: { a: field.relation(() => a).optional(),
        many: field.relations(() => a, { maxItems: 5 }).default([]) } });
      return { a, b }; })()`;
    await (await schemaOf(circle)).migrate(BOTH);
    const { query } = await database();
    const facts = { createdAt: 1, updatedAt: 1 };
    await query
      .insertInto('a')
      .values({ id: 'a1', b: null, ...facts })
      .execute();
    await query
      .insertInto('b')
      .values({ id: 'b1', a: 'a1', many: '["a1"]', ...facts })
      .execute();
    await query.insertInto('b__many').values({ recordId: 'b1', targetId: 'a1', position: 0 }).execute();
    await query.updateTable('a').set({ b: 'b1' }).execute();
    await (await schemaOf('{}')).migrate(LOSING);
    const tables = (await query.introspection.getTables()).map(({ name }) => name);
    expect(tables.filter((name) => !name.startsWith('maque_'))).toEqual([]);
  });

  it('makes links of lists that are there, and says which lead nowhere', async () => {
    const before = `(() => { const tags = books({ title });
      return { tags, books: books({ tags: field.list(field.text({ maxLength: 40 }), { maxItems: 5 }) }) }; })()`;
    const after = `(() => { const tags = books({ title });
      return { tags, books: books({ tags: field.relations(() => tags, { maxItems: 5 }) }) }; })()`;
    await (await schemaOf(before)).migrate(BOTH);
    await addBook({ tags: '["t1"]' });
    const next = await schemaOf(after);
    await expect(next.migrate(BOTH)).rejects.toMatchObject({
      code: 'SCHEMA_CHANGE_REFUSED',
      details: [{ path: 'collections.books.fields.tags' }],
    });
    const { query } = await database();
    await query.insertInto('tags').values({ id: 't1', title: 'x', createdAt: 1, updatedAt: 1 }).execute();
    await next.migrate(BOTH);
    expect(await query.selectFrom('books__tags').selectAll().execute()).toEqual([
      { recordId: 'b1', targetId: 't1', position: 0 },
    ]);
  });

  it('keeps a bounded number of copies', async () => {
    for (let turn = 1; turn <= 8; turn += 1) {
      clock.advance(1_000);
      const fields = Array.from({ length: turn }, (_, index) => `f${index}: title.optional()`);
      await (await schemaOf(`{ books: books({ ${fields.join(', ')} }) }`)).migrate(BOTH);
    }
    expect(await readdir(join(folder.path, 'data', 'backups'))).toHaveLength(5);
  });
});

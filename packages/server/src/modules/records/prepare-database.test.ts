import { join } from 'node:path';
import { MiB, systemClock } from '@maque/kit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../testing/serve-app.ts';
import { openSqliteDatabase } from '../../adapters/database/sqlite/sqlite-database.ts';
import { type App, defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { caller, type Fields } from '../../define/field.ts';
import { field } from '../../define/field-vocabulary.ts';
import type { Database, Migration } from '../../ports/database.ts';
import { applyStep } from '../schema/apply-step.ts';
import { SchemaLedger } from '../schema/schema-ledger.ts';
import { tableDifference } from '../schema/table-difference.ts';
import type { IndexShape, TableShape } from '../schema/table-shape.ts';
import { planUndo, undoChange } from '../schema/undo-change.ts';
import { prepareDatabase } from './prepare-database.ts';
import { createRecords } from './records.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let databases: Database[];
beforeEach(async () => {
  folder = await temporaryFolder();
  databases = [];
});
afterEach(async () => {
  await Promise.all(databases.map((database) => database.close()));
  await folder.remove();
});

async function start(app: App, migrations: readonly Migration[] = []) {
  const path = join(folder.path, 'app.sqlite');
  const database = await openSqliteDatabase({ path, cacheBytes: 4 * MiB, synchronous: 'normal' });
  databases.push(database);
  const records = createRecords({ app, database, clock: systemClock });
  await prepareDatabase({ app, records, migrations, clock: systemClock });
  return { database, records, data: records.data };
}

const title = field.text({ maxLength: 40 });
const appOf = (fields: Fields, indexes: readonly string[][] = []) => {
  const books = collection({ fields, indexes: indexes as never });
  return { app: defineApp({ collections: { books } }), books };
};

/** A database that has one book of these fields. */
async function databaseWith(fields: Fields, record: object): Promise<void> {
  const { app, books } = appOf(fields);
  const { data } = await start(app);
  await data.create(books, { id: 'b1', ...record } as never);
}

describe('preparing a database', () => {
  it('runs each migration once, in order, also when two workers start at once', async () => {
    const ran: string[] = [];
    const migrations = ['0001-a', '0002-b'].map(
      (id): Migration => ({
        id,
        async up(query) {
          ran.push(id);
          await query.schema
            .createTable(`t${id.slice(-1)}`)
            .addColumn('id', 'integer')
            .execute();
        },
      }),
    );
    const { app } = appOf({ title });
    await Promise.all([start(app, migrations), start(app, migrations), start(app, migrations)]);
    await start(app, migrations);
    expect(ran).toEqual(['0001-a', '0002-b']);
  });

  it('keeps nothing of a start that failed half-way', async () => {
    const { app } = appOf({ title });
    const broken: Migration = {
      id: '0001',
      async up(query) {
        await query.schema.createTable('half').addColumn('id', 'integer').execute();
        throw new Error('power cut');
      },
    };
    await expect(start(app, [broken])).rejects.toThrow('power cut');
    const { database } = await start(app, [{ id: '0001', up: async () => {} }]);
    const tables = await database.query.introspection.getTables();
    expect(tables.map(({ name }) => name)).not.toContain('half');
  });

  it('refuses a database of a newer version', async () => {
    const { app } = appOf({ title });
    await start(app, [{ id: '0001', up: async () => {} }]);
    await expect(start(app, [])).rejects.toMatchObject({ code: 'DATABASE_NEWER', data: { id: '0001' } });
  });

  it('seeds a new database once, whoever is first, and never again', async () => {
    const books = collection({ fields: { title } });
    const app = defineApp({
      collections: { books },
      async seed(db) {
        await db.create(books, { title: 'seeded' });
      },
    });
    await Promise.all([start(app), start(app)]);
    const { data } = await start(app);
    const [only, ...others] = await data.list(books);
    expect(others).toEqual([]);
    await data.delete(books, only?.id ?? '');
    expect(await (await start(app)).data.list(books)).toEqual([]);
  });

  it('seeds at the next start when the first one failed', async () => {
    const books = collection({ fields: { title } });
    let attempts = 0;
    const app = defineApp({
      collections: { books },
      async seed(db) {
        attempts += 1;
        await db.create(books, { title: 'seeded' });
        if (attempts === 1) throw new Error('out of words');
      },
    });
    await expect(start(app)).rejects.toThrow('out of words');
    expect(await (await start(app)).data.list(books)).toHaveLength(1);
  });
});

describe('a collection that changes', () => {
  it('gains columns, filled where there is a default', async () => {
    await databaseWith({ title }, { title: 'x' });
    const { app, books } = appOf({
      title,
      note: title.optional(),
      copies: field.int().default(3),
      open: field.bool().default(true),
    });
    expect(await (await start(app)).data.get(books, 'b1')).toMatchObject({
      title: 'x',
      note: null,
      copies: 3,
      open: true,
    });
  });

  it('gains and loses indexes', async () => {
    await databaseWith({ title }, { title: 'x' });
    const indexNames = async (database: Database) =>
      (
        await database.arrays({
          sql: "select name from sqlite_master where type = 'index' and name like 'books%'",
          parameters: [],
        })
      ).flat();
    const first = await start(appOf({ title }, [['title'], ['-createdAt']]).app);
    expect(await indexNames(first.database)).toEqual(['books_title_id', 'books_createdAt_desc_id_desc']);
    const second = await start(appOf({ title: title.unique() }).app);
    expect(await indexNames(second.database)).toEqual(['books_title_unique']);
  });

  it('lets presence change where the records allow it', async () => {
    await databaseWith({ title, note: title.optional() }, { title: 'x', note: 'there' });
    await start(appOf({ title: title.optional(), note: title }).app);
    const { app, books } = appOf({ title: title.optional(), note: title });
    await expect((await start(app)).data.create(books, { note: 'y' } as never)).resolves.toMatchObject({
      title: null,
    });
  });

  it.each<[string, Fields, string, RegExp]>([
    ['a field that was removed', { other: title.optional() }, 'title', /would be lost/],
    ['a field of another kind', { title: field.int() }, 'title', /stored as text and would be integer/],
    ['a required field without a value', { title, more: title }, 'more', /give it a .default/],
    ['a field that is required now', { title, note: title }, 'note', /2 records have no value/],
    [
      'a field that is unique now',
      { title: title.unique(), note: title.optional() },
      'title',
      /share a value/,
    ],
  ])('is refused for %s, naming it, and nothing changes', async (_, fields, name, reason) => {
    const before = { title, note: title.optional() };
    await databaseWith(before, { title: 'x' });
    const { app: old, books } = appOf(before);
    const { data } = await start(old);
    await data.create(books, { title: 'x' } as never);
    const error = await start(appOf({ note: title.optional(), ...fields }).app).catch((caught) => caught);
    expect(error).toMatchObject({ code: 'SCHEMA_CHANGE_REFUSED' });
    expect(error.details).toContainEqual({
      path: `collections.books.fields.${name}`,
      issue: expect.stringMatching(reason),
    });
    expect(await (await start(old)).data.list(books)).toHaveLength(2);
  });

  it('may become anything while it is empty', async () => {
    await start(appOf({ title }).app);
    const { app, books } = appOf({ other: field.int() });
    const { data } = await start(app);
    expect(await data.create(books, { other: 5 } as never)).toMatchObject({ other: 5 });
  });
});

describe('what a declaration asks for beside columns', () => {
  const city = field.object({ city: field.text({ maxLength: 40 }), at: field.geo() });

  it('indexes relations and owners, unless a declared index begins with them', async () => {
    const shelves = collection({ fields: { title } });
    const books = collection({
      fields: {
        shelf: field.relation(() => shelves),
        room: field.relation(() => shelves).optional(),
        twin: field.relation('self').unique().optional(),
        readerId: field.user(),
        ownerId: field.user(),
        editorId: field.user(),
      },
      indexes: [['room', '-createdAt']],
      rules: { list: ['admin', { readerId: caller }], update: { editorId: caller } },
      personal: { user: 'ownerId', onErase: 'delete' },
    });
    const { database } = await start(defineApp({ collections: { shelves, books } }));
    const indexes = await database.all<{ name: string }>({
      sql: "select name from sqlite_master where type = 'index' and sql is not null and tbl_name = 'books' order by name",
      parameters: [],
    });
    expect(indexes.map(({ name }) => name)).toEqual([
      'books_ownerId_user',
      'books_readerId_user',
      'books_room_createdAt_desc_id_desc',
      'books_shelf_relation',
      'books_twin_unique',
    ]);
    for (const column of ['shelf', 'room', 'twin']) {
      const { steps } = await database.explain({
        sql: `select 1 from books where ${column} = ?`,
        parameters: ['x'],
      });
      expect(steps.map(({ isScan }) => isScan)).toEqual([false]);
    }
  });

  it('indexes paths into documents and points, and lists use them', async () => {
    const places = collection({
      fields: { address: city, spot: field.geo() },
      indexes: [['address.city', '-createdAt'], ['spot']],
    });
    const { database, data } = await start(defineApp({ collections: { places } }));
    await data.create(places, {
      address: { city: 'Wuhan', at: { lat: 1, lng: 2 } },
      spot: { lat: 30.5, lng: 114.3 },
    });
    const rows = await database.arrays({
      sql: "select name from sqlite_master where type = 'index' and name like 'places_%'",
      parameters: [],
    });
    expect(rows.flat()).toEqual(['places_address__city_createdAt_desc_id_desc', 'places_spot_near']);
    const value = database.dialect.documentValue(sql.ref('places.address'), ['city'], 'text');
    const found = database.query
      .selectFrom('places')
      .select('id')
      .where(sql<boolean>`${value} = 'Wuhan'`)
      .orderBy('createdAt', 'desc')
      .orderBy('id', 'desc');
    const plan = await database.explain(found.compile());
    expect(plan.steps[0]).toMatchObject({
      isScan: false,
      index: 'places_address__city_createdAt_desc_id_desc',
    });
    expect(plan.sorts).toBe(false);
  });

  it('makes an index of points anew that was one of latitudes before, and can take it back', async () => {
    const places = collection({ fields: { spot: field.geo() } });
    const app = defineApp({ collections: { places } });
    const { database, records } = await start(app);
    const sqlOfIndex = async () => {
      const text = "select sql from sqlite_master where name = 'places_spot_near'";
      return String((await database.arrays({ sql: text, parameters: [] }))[0]);
    };
    const wanted = await sqlOfIndex();
    const ledger = new SchemaLedger(database);
    const shape = (await ledger.shapes()).get('places') as TableShape;
    const former: IndexShape = {
      ...{ name: 'places_spot_near', columns: ['spot.lat', 'spot.lng'], isUnique: false },
      paths: { 'spot.lat': 'number', 'spot.lng': 'number' },
    };
    const { dialect } = database;
    for (const step of tableDifference(shape, { ...shape, indexes: [former] }))
      await applyStep(database, dialect, 'places', step);
    await ledger.setShape('places', { ...shape, indexes: [former] }, 0);
    const before = await sqlOfIndex();
    expect(before).not.toBe(wanted);

    const change = await prepareDatabase({ app, records, migrations: [], clock: systemClock });
    expect(change?.steps.map(({ step }) => step.kind)).toEqual(['drop-index', 'create-index']);
    expect(await sqlOfIndex()).toBe(wanted);
    const undo = await planUndo(database, ledger, false);
    await undoChange({ connection: database, dialect, ledger, now: 0 }, undo);
    expect(await sqlOfIndex()).toBe(before);
  });

  it('lets a deleted record keep what another has unique', async () => {
    const books = collection({ fields: { title: title.unique() }, softDelete: { keepFor: '30d' } });
    const { data } = await start(defineApp({ collections: { books } }));
    const first = await data.create(books, { title: 'x' });
    await expect(data.create(books, { title: 'x' })).rejects.toMatchObject({ code: 'CONFLICT' });
    await data.delete(books, first.id);
    await expect(data.create(books, { title: 'x' })).resolves.toMatchObject({ title: 'x' });
  });
});

describe('a field that has another name now', () => {
  it('keeps its values, its index and what searches it', async () => {
    const before = collection({ fields: { title }, indexes: [['title']], search: ['title'] });
    const { data } = await start(defineApp({ collections: { books: before } }));
    await data.create(before, { id: 'b1', title: 'green tea' });
    const name = title.renamedFrom('title');
    const after = collection({ fields: { name }, indexes: [['name']], search: ['name'] });
    const second = await start(defineApp({ collections: { books: after } }));
    expect(await second.data.get(after, 'b1')).toMatchObject({ name: 'green tea' });
    await second.data.update(after, 'b1', { name: 'red tea' });
    const count = await second.database.arrays({
      sql: "select count(*) from maque_words_books where maque_words_books match 'red'",
      parameters: [],
    });
    expect(count).toEqual([[1]]);
  });
});

describe('what is declared no more', () => {
  it('stays where it is while nothing is lost by it, and may come back', async () => {
    await databaseWith({ title, note: title.optional() }, { title: 'x' });
    const without = appOf({ title });
    expect(await (await start(without.app)).data.list(without.books)).toHaveLength(1);
    const { app, books } = appOf({ title, note: title.optional() });
    const again = await start(app);
    expect(await again.data.get(books, 'b1')).toMatchObject({ title: 'x', note: null });
  });

  it('is refused while a collection has records', async () => {
    const books = collection({ fields: { title } });
    const { data } = await start(defineApp({ collections: { books } }));
    await data.create(books, { title: 'x' });
    const error = await start(defineApp({ collections: {} })).catch((caught) => caught);
    expect(error).toMatchObject({ code: 'SCHEMA_CHANGE_REFUSED' });
    expect(error.details).toEqual([
      { path: 'collections.books', issue: expect.stringMatching(/1 records would be lost/) },
    ]);
  });
});

describe('a copy of the database', () => {
  async function copiesAtStart(app: App): Promise<number> {
    const database = await openSqliteDatabase({
      ...{ path: join(folder.path, 'app.sqlite'), cacheBytes: 4 * MiB },
      synchronous: 'normal',
    });
    databases.push(database);
    const records = createRecords({ app, database, clock: systemClock });
    let copies = 0;
    const backup = async () => {
      copies += 1;
      return `copy ${copies}`;
    };
    const change = await prepareDatabase({ app, records, migrations: [], clock: systemClock, backup }).catch(
      () => null,
    );
    if (change !== null) expect(change.backup).toBe(copies === 0 ? null : 'copy 1');
    return copies;
  }

  it('is made before the tables of one in use change, and for nothing else', async () => {
    expect(await copiesAtStart(appOf({ title }).app)).toBe(0);
    expect(await copiesAtStart(appOf({ title }).app)).toBe(0);
    expect(await copiesAtStart(appOf({ title, note: title.optional() }).app)).toBe(1);
    const { app, books } = appOf({ title, note: title.optional() });
    const { data } = await start(app);
    await data.create(books, { title: 'x' } as never);
    // What is refused is refused before it costs a copy.
    expect(await copiesAtStart(appOf({ title: field.int() }).app)).toBe(0);
  });
});

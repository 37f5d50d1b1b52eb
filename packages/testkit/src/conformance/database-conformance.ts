import type { Database } from '@maque/server/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** A database for one test, and a second connection to the same one, as another worker has. */
export interface DatabaseUnderTest {
  readonly database: Database;
  connect(): Promise<Database>;
  remove(): Promise<void>;
}

/** What every adapter of the database port keeps to. */
export function describeDatabase(name: string, create: () => Promise<DatabaseUnderTest>): void {
  describe(`${name} as a Database`, () => {
    let subject: DatabaseUnderTest;
    let database: Database;

    beforeEach(async () => {
      subject = await create();
      database = subject.database;
      const { schema } = database.query;
      await schema
        .createTable('shelves')
        .addColumn('id', 'varchar(40)', (column) => column.primaryKey().notNull())
        .execute();
      await schema
        .createTable('books')
        .addColumn('id', 'varchar(40)', (column) => column.primaryKey().notNull())
        .addColumn('title', 'varchar(100)', (column) => column.notNull())
        .addColumn('copies', 'bigint', (column) => column.notNull())
        .addColumn('lent', 'integer')
        .addColumn('shelf', 'varchar(40)', (column) => column.references('shelves.id'))
        .execute();
      await schema.createIndex('books_title_unique').unique().on('books').column('title').execute();
    });
    afterEach(() => subject.remove());

    const insert = (id: string, copies: number | bigint = 1) => ({
      sql: 'insert into books (id, title, copies) values (?, ?, ?)',
      parameters: [id, `title of ${id}`, copies],
    });
    const ids = async (from: Pick<Database, 'all'> = database) =>
      (await from.all<{ id: string }>({ sql: 'select id from books order by id', parameters: [] })).map(
        ({ id }) => id,
      );

    it('runs statements with parameters and tells how many rows changed', async () => {
      expect(await database.run(insert('b1', 3))).toEqual({ changes: 1 });
      expect(await database.run({ sql: 'delete from books where id = ?', parameters: ['no'] })).toEqual({
        changes: 0,
      });
      const select = { sql: 'select id, copies from books where copies = ?', parameters: [3] };
      expect((await database.all(select)).map((row) => ({ ...(row as object) }))).toEqual([
        { id: 'b1', copies: 3 },
      ]);
      expect(await database.arrays(select)).toEqual([['b1', 3]]);
    });

    it('takes parameters for values and never for SQL', async () => {
      const hostile = `x'); drop table books; --`;
      await database.run({ ...insert('b1'), parameters: ['b1', hostile, 1] });
      const [row] = await database.arrays({ sql: 'select title from books', parameters: [] });
      expect(row).toEqual([hostile]);
    });

    it('builds queries, with booleans as 0 and 1', async () => {
      await database.query
        .insertInto('books')
        .values({ id: 'b1', title: '茶经', copies: 2, lent: true })
        .execute();
      const updated = await database.query
        .updateTable('books')
        .set({ copies: 5 })
        .where('id', '=', 'b1')
        .executeTakeFirst();
      expect(updated.numUpdatedRows).toBe(1n);
      const row = await database.query.selectFrom('books').selectAll().executeTakeFirst();
      expect({ ...row }).toEqual({ id: 'b1', title: '茶经', copies: 5, lent: 1, shelf: null });
    });

    it('keeps integers beyond 2^53 exactly', async () => {
      await database.run(insert('b1', 2n ** 60n + 1n));
      await database.run(insert('b2', 7));
      const select = { sql: 'select copies from books order by id', parameters: [] };
      expect(await database.arrays(select)).toEqual([[2n ** 60n + 1n], [7]]);
      const [row] = await database.query.selectFrom('books').select('copies').orderBy('id').execute();
      expect(row?.copies).toBe(2n ** 60n + 1n);
    });

    it.each([
      ['NaN', Number.NaN],
      ['infinity', Number.POSITIVE_INFINITY],
      ['undefined', undefined],
      ['an object', {}],
    ])('refuses %s as a parameter and stores nothing', async (_, value) => {
      await expect(
        database.run({ ...insert('b1'), parameters: ['b1', 'title', value] }),
      ).rejects.toBeInstanceOf(TypeError);
      expect(await ids()).toEqual([]);
    });

    it('names the column or the index of a value that is there already', async () => {
      await database.run(insert('b1'));
      const twice = { ...insert('b2'), parameters: ['b2', 'title of b1', 1] };
      await expect(database.run(twice)).rejects.toMatchObject({
        name: 'DuplicateValueError',
        target: expect.stringMatching(/books\.title|books_title_unique/),
      });
      const again = database.transaction((tx) => tx.run(insert('b1')));
      await expect(again).rejects.toMatchObject({ name: 'DuplicateValueError' });
    });

    it('refuses references to nothing', async () => {
      const sql = 'insert into books (id, title, copies, shelf) values (?, ?, ?, ?)';
      const error = database.run({ sql, parameters: ['b1', 'title', 1, 'no shelf'] });
      await expect(error).rejects.toMatchObject({ name: 'BrokenReferenceError' });
    });

    it('keeps all of a transaction, or nothing of it', async () => {
      const answer = await database.transaction(async (tx) => {
        await tx.run(insert('b1'));
        await tx.query.insertInto('books').values({ id: 'b2', title: 'two', copies: 1 }).execute();
        return ids(tx);
      });
      expect(answer).toEqual(['b1', 'b2']);
      const failed = database.transaction(async (tx) => {
        await tx.run(insert('b3'));
        throw new Error('changed my mind');
      });
      await expect(failed).rejects.toThrow('changed my mind');
      expect(await ids()).toEqual(['b1', 'b2']);
    });

    it('tells who asks when a transaction is kept, and never when it is not', async () => {
      const told: string[] = [];
      await database.transaction(async (tx) => {
        tx.afterCommit(() => told.push('kept'));
        await tx.run(insert('b1'));
        expect(told).toEqual([]);
      });
      expect(told).toEqual(['kept']);
      const failed = database.transaction(async (tx) => {
        tx.afterCommit(() => told.push('lost'));
        throw new Error('roll back');
      });
      await expect(failed).rejects.toThrow('roll back');
      database.afterCommit(() => told.push('free'));
      expect(told).toEqual(['kept', 'free']);
    });

    it('shows nobody what is not committed', async () => {
      const other = await subject.connect();
      await database.transaction(async (tx) => {
        await tx.run(insert('b1'));
        expect(await ids()).toEqual([]);
        expect(await ids(other)).toEqual([]);
      });
      expect(await ids()).toEqual(['b1']);
      expect(await ids(other)).toEqual(['b1']);
    });

    it('lets no statement of another request into an open transaction', async () => {
      const gate = Promise.withResolvers<void>();
      const rolledBack = database.transaction(async (tx) => {
        await tx.run(insert('b1'));
        await gate.promise;
        throw new Error('roll back');
      });
      const single = database.run(insert('b2'));
      const built = database.query
        .insertInto('books')
        .values({ id: 'b3', title: 'three', copies: 1 })
        .execute();
      gate.resolve();
      await expect(rolledBack).rejects.toThrow('roll back');
      await Promise.all([single, built]);
      expect(await ids()).toEqual(['b2', 'b3']);
    });

    it('refuses a transaction’s connection after its end', async () => {
      let leaked: Pick<Database, 'run'> | undefined;
      await database.transaction(async (tx) => {
        leaked = tx;
      });
      await expect(leaked?.run(insert('b1'))).rejects.toThrow('over');
      expect(await ids()).toEqual([]);
    });

    it('adds up what many writers on two connections add at once', async () => {
      const other = await subject.connect();
      await database.run(insert('b1', 0));
      const increment = (at: Database) =>
        at.transaction(async (tx) => {
          const [row] = await tx.arrays({ sql: 'select copies from books where id = ?', parameters: ['b1'] });
          const copies = Number(row?.[0]) + 1;
          await tx.run({ sql: 'update books set copies = ? where id = ?', parameters: [copies, 'b1'] });
        });
      await Promise.all(
        Array.from({ length: 60 }, (_, index) => increment(index % 2 === 0 ? database : other)),
      );
      expect(await database.arrays({ sql: 'select copies from books', parameters: [] })).toEqual([[60]]);
    });

    it('lets one process at a time do exclusive work', async () => {
      const other = await subject.connect();
      const log: string[] = [];
      const work = (at: Database, who: string) =>
        at.exclusive(async (connection) => {
          log.push(`${who} begins`);
          await connection.run(insert(who));
          log.push(`${who} ends`);
        });
      await Promise.all([work(database, 'b1'), work(other, 'b2')]);
      expect([log.slice(0, 2), log.slice(2)]).toEqual(
        expect.arrayContaining([
          ['b1 begins', 'b1 ends'],
          ['b2 begins', 'b2 ends'],
        ]),
      );
      expect(await ids()).toEqual(['b1', 'b2']);
    });
  });
}

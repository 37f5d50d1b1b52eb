import { expectTypeOf, it } from 'vitest';
import { defineApp } from './app.ts';
import { collection, type NewRecordOf, type RecordOf } from './collection.ts';
import type { Data } from './data.ts';
import { field } from './field-vocabulary.ts';
import type { Actor } from './hooks.ts';
import { route } from './route.ts';
import { owner, role } from './rules.ts';

const books = collection({
  fields: {
    title: field.text({ maxLength: 80 }),
    isbn: field.text({ maxLength: 13 }).optional().unique(),
    price_fen: field.money(),
    stock: field.int({ min: 0 }).default(0),
    shelf: field.enum(['new', 'old']),
    sellerId: field.caller(),
    tags: field.list(field.text({ maxLength: 10 }), { maxItems: 5 }),
  },
});

it('a record has the types of its fields', () => {
  expectTypeOf<RecordOf<typeof books>>().toExtend<{
    readonly id: string;
    readonly createdAt: string;
    readonly title: string;
    readonly isbn: string | null;
    readonly price_fen: number;
    readonly shelf: 'new' | 'old';
    readonly tags: readonly string[];
  }>();
  expectTypeOf<RecordOf<typeof books>['isbn']>().toEqualTypeOf<string | null>();
  expectTypeOf<RecordOf<typeof books>['shelf']>().toEqualTypeOf<'new' | 'old'>();
});

it('a new record needs what is required and may leave out the rest', () => {
  expectTypeOf<{ title: string; price_fen: number; shelf: 'new'; tags: string[] }>().toExtend<
    NewRecordOf<typeof books>
  >();
  expectTypeOf<{ title: string }>().not.toExtend<NewRecordOf<typeof books>>();
});

it('rules, indexes and orders know the fields', () => {
  const fields = { title: field.text({ maxLength: 5 }), sellerId: field.user(), at: field.datetime() };
  collection({ fields, rules: { list: owner('sellerId'), read: [{ title: 'x' }, 'admin'] } });
  collection({ fields, rules: { list: { allOf: ['user', { at: { '<': '2026-01-01T00:00:00Z' } }] } } });
  // @ts-expect-error no such field
  collection({ fields, rules: { list: { titel: 'x' } } });
  // @ts-expect-error of another type
  collection({ fields, rules: { list: { title: 5 } } });
  // @ts-expect-error not a user
  collection({ fields, rules: { list: owner('title') } });
  // @ts-expect-error no such audience
  collection({ fields, rules: { list: 'everybody' } });
  // @ts-expect-error no such operation
  collection({ fields, rules: { write: 'user' } });
  // @ts-expect-error no such field
  collection({ fields, indexes: [['titel']] });
  // @ts-expect-error no such field
  collection({ fields, sort: ['-titel'] });
  // @ts-expect-error no such field
  collection({ fields, cache: { maxAge: '1s', tolerates: ['titel'] } });
  // @ts-expect-error misspelt
  field.text({ maxLenght: 5 });
});

it('a handler is given what its route declares', () => {
  route.post(
    '/books/:bookId/reviews',
    { auth: 'user', body: { stars: field.int(), text: field.text({ maxLength: 9 }).optional() } },
    ({ params, body, user }) => {
      expectTypeOf(params).toEqualTypeOf<{ readonly bookId: string }>();
      expectTypeOf(body.stars).toEqualTypeOf<number>();
      expectTypeOf(body.text).toEqualTypeOf<string | null>();
      expectTypeOf(user.id).toEqualTypeOf<string>();
    },
  );
  route.get('/staff', { auth: 'staff' }, ({ user, by }) => {
    expectTypeOf(user).toEqualTypeOf<undefined>();
    expectTypeOf(by).toEqualTypeOf<Actor>();
  });
  route.get('/any', { auth: role('editor') }, ({ user }) =>
    expectTypeOf(user).toEqualTypeOf<{ readonly id: string } | undefined>(),
  );
  // @ts-expect-error no such audience
  route.get('/all', { auth: 'everybody' }, () => {});
  // @ts-expect-error no such parameter
  route.get('/one/:id', { auth: 'public' }, ({ params }) => params.name);
  // @ts-expect-error a record of another collection
  route.get('/c', { auth: 'public', answer: books }, () => ({ id: 'b1', name: 'x' }));
  route.get('/a', { auth: 'public' }, ({ user }) => expectTypeOf(user).toEqualTypeOf<undefined>());
  // @ts-expect-error the answer lacks what is declared
  route.get('/b', { auth: 'public', answer: { n: field.int() } }, () => ({}));
});

it('the data of handlers know the collections', () => {
  const use = async (db: Data) => {
    expectTypeOf((await db.get(books, 'b1'))?.stock).toEqualTypeOf<number | undefined>();
    await db.list(books, { where: { shelf: 'new', stock: { '>': 0 } }, sort: ['-price_fen'] });
    // @ts-expect-error no such value
    await db.list(books, { where: { shelf: 'blue' } });
    // @ts-expect-error not a number
    await db.increment(books, 'b1', { title: 1 });
    // @ts-expect-error of another type
    await db.update(books, 'b1', { stock: '5' });
    // @ts-expect-error an object is no parameter
    await db.sql`select ${{}}`;
  };
  expectTypeOf(use).toBeFunction();
});

it('routes reach payments, and handlers know what was paid', () => {
  route.post('/pay/:order', { auth: 'user' }, async ({ params, user, wechat }) => {
    const opened = await wechat.payments.open({
      ...{ reference: params.order, userId: user.id, amountFen: 100, description: 'tea' },
    });
    expectTypeOf(opened.payment.status).toEqualTypeOf<'pending' | 'paid' | 'closed'>();
    expectTypeOf(opened.parameters.signType).toEqualTypeOf<'RSA'>();
    // @ts-expect-error: a payment is of somebody
    await wechat.payments.open({ reference: params.order, amountFen: 100, description: 'tea' });
    return opened;
  });
  defineApp({
    collections: { books },
    wechat: {
      async onPaid({ reference, amountFen }, { db }) {
        expectTypeOf(amountFen).toEqualTypeOf<number>();
        await db.update(books, reference, { stock: 1 });
      },
      async onRefunded({ status, payment }) {
        expectTypeOf(status).toEqualTypeOf<'pending' | 'succeeded' | 'failed'>();
        expectTypeOf(payment.reference).toEqualTypeOf<string>();
      },
    },
  });
});

import { expectTypeOf, it } from 'vitest';
import { collection, type NewRecordOf, type RecordOf } from './collection.ts';
import type { Data } from './data.ts';
import { caller, type Field, type RelationTarget } from './field.ts';
import { field } from './field-vocabulary.ts';
import { becomes, only, owner, role, was } from './rules.ts';

const cities = collection({ fields: { name: field.text({ maxLength: 40 }), people: field.int() } });

const sellers = collection({
  fields: {
    name: field.text({ maxLength: 40 }),
    cityId: field.relation(() => cities),
    address: field.object({ street: field.text({ maxLength: 80 }), floor: field.int().optional() }),
  },
  authors: true,
});

const goods = {
  name: field.text({ maxLength: 80 }),
  about: field.richText({ maxLength: 9_000 }),
  price_fen: field.money(),
  status: field.enum(['draft', 'shown']),
  sellerId: field.relation(() => sellers).optional(),
  alsoAt: field.relations(() => sellers, { maxItems: 5 }),
  partOf: field.relation('self').optional(),
  fans: field.users({ maxItems: 100 }),
  ownerId: field.user(),
  at: field.geo(),
  photos: field.files({ maxItems: 9 }),
  sizes: field.list(field.int(), { maxItems: 5 }),
  extras: field.json({ shape: { colour: field.enum(['red', 'blue']), weight: field.int().optional() } }),
  free: field.json(),
};

const things = collection({
  fields: goods,
  authors: true,
  softDelete: { keepFor: '30d' },
  computed: {
    yuan: { as: field.text({ maxLength: 20 }), from: ({ price_fen }) => (price_fen / 100).toFixed(2) },
    weight: { as: field.int().optional(), from: ({ extras }) => extras.weight ?? null },
  },
  indexes: [['status', '-price_fen'], ['extras.colour', '-extras.weight', 'createdAt'], ['at']],
  search: ['name', 'about'],
  rules: {
    list: [{ status: 'shown' }, { fans: { has: caller } }, { 'sellerId.cityId.name': '杭州' }],
    read: [
      { at: { near: { lat: 30, lng: 120, meters: 500 } } },
      owner('createdBy'),
      { 'partOf.name': { '!=': 'x' } },
    ],
    update: {
      allOf: [
        owner('ownerId'),
        was({ status: 'draft' }),
        becomes({ status: 'shown' }),
        only('name', 'status'),
      ],
    },
    delete: role('editor'),
    fields: { price_fen: { read: 'user', write: owner('ownerId') } },
  },
  hooks: {
    create: { before: ({ record }) => ({ ...record, name: record.name.trim() }) },
    update: {
      after({ record, previous, by, afterCommit }) {
        expectTypeOf(record.createdBy).toEqualTypeOf<string | null>();
        expectTypeOf(previous.sellerId).toEqualTypeOf<string | null>();
        if (by.kind === 'user') afterCommit(() => void by.roles);
      },
    },
    list: { before: () => ({ status: 'shown', 'sellerId.address.floor': { '>': 1 } }) },
  },
});

it('records have the facts that are kept of them', () => {
  expectTypeOf<RecordOf<typeof things>['createdBy']>().toEqualTypeOf<string | null>();
  expectTypeOf<RecordOf<typeof things>['deletedAt']>().toEqualTypeOf<string | null>();
  expectTypeOf<RecordOf<typeof things>['photos']>().toEqualTypeOf<readonly string[]>();
  expectTypeOf<RecordOf<typeof things>['extras']['colour']>().toEqualTypeOf<'red' | 'blue' | undefined>();
  expectTypeOf<RecordOf<typeof cities>>().not.toHaveProperty('createdBy');
  expectTypeOf<RecordOf<typeof sellers>>().not.toHaveProperty('deletedAt');
  expectTypeOf<NewRecordOf<typeof things>>().not.toHaveProperty('createdBy');
});

it('what may be left out of a record may be left out of what is inside of it', () => {
  const shops = collection({
    fields: {
      address: field.object({ city: field.text({ maxLength: 9 }), floor: field.int().optional() }),
      rooms: field.list(field.object({ name: field.text({ maxLength: 9 }), size: field.int().default(1) }), {
        maxItems: 9,
      }),
    },
  });
  expectTypeOf<{ address: { city: string }; rooms: { name: string }[] }>().toExtend<
    NewRecordOf<typeof shops>
  >();
  expectTypeOf<{ address: { floor: number }; rooms: [] }>().not.toExtend<NewRecordOf<typeof shops>>();
  expectTypeOf<RecordOf<typeof shops>['address']['floor']>().toEqualTypeOf<number | null>();
});

it('paths lead through relations, to the same collection too, and into documents', () => {
  const fields = goods;
  collection({ fields, rules: { list: { 'alsoAt.name': 'a', 'alsoAt.createdAt': { '>': 'b' } } } });
  collection({ fields, rules: { list: { 'partOf.partOf.status': 'draft', 'extras.colour': 'red' } } });
  collection({ fields, rules: { list: { 'sellerId.createdBy': caller } } });
  collection({ fields, rules: { list: { 'extras.colour': null } }, sort: ['-extras.weight'] });
  // @ts-expect-error no such field behind
  collection({ fields, rules: { list: { 'sellerId.nmae': 'a' } } });
  // @ts-expect-error of another type
  collection({ fields, rules: { list: { 'sellerId.cityId.people': 'many' } } });
  // @ts-expect-error no such field behind the second
  collection({ fields, rules: { list: { 'sellerId.cityId.street': 'a' } } });
  // @ts-expect-error no such field in the document
  collection({ fields, rules: { list: { 'extras.color': 'red' } } });
  // @ts-expect-error of another type
  collection({ fields, rules: { list: { 'extras.colour': 'green' } } });
  // @ts-expect-error nothing is known of what is inside
  collection({ fields, rules: { list: { 'free.a': 'red' } } });
  // @ts-expect-error a text leads nowhere
  collection({ fields, rules: { list: { 'name.length': 3 } } });
  // @ts-expect-error cities keep no authors
  collection({ fields, rules: { list: { 'sellerId.cityId.createdBy': caller } } });
});

it('several values and places are asked for in their own words', () => {
  const fields = goods;
  collection({ fields, rules: { list: { sizes: { has: 4 }, photos: { has: 'f1' } } } });
  // @ts-expect-error one of several, not all of them
  collection({ fields, rules: { list: { fans: caller } } });
  // @ts-expect-error of another type
  collection({ fields, rules: { list: { sizes: { has: '4' } } } });
  // @ts-expect-error no user
  collection({ fields, rules: { list: { photos: { has: caller } } } });
  // @ts-expect-error not a circle
  collection({ fields, rules: { list: { at: { near: { lat: 30, lng: 120 } } } } });
  // @ts-expect-error not a point
  collection({ fields, rules: { list: { at: { '=': 5 } } } });
});

it('rules of a moment, of fields and of authors know the fields', () => {
  const fields = goods;
  // @ts-expect-error no such field
  collection({ fields, rules: { update: was({ statsu: 'draft' }) } });
  // @ts-expect-error no such field beside one that there is
  collection({ fields, rules: { update: was({ status: 'draft', nmae: 'x' }) } });
  // @ts-expect-error no such value
  collection({ fields, rules: { update: becomes({ status: 'gone' }) } });
  // @ts-expect-error no such field
  collection({ fields, rules: { update: only('name', 'statsu') } });
  // @ts-expect-error no such field
  collection({ fields, rules: { fields: { prise_fen: { read: 'user' } } } });
  // @ts-expect-error what is read was not written
  collection({ fields, rules: { read: was({ status: 'draft' }) } });
  // @ts-expect-error a new record was nothing before
  collection({ fields, rules: { create: ['admin', becomes({ status: 'draft' })] } });
  // @ts-expect-error of fields there is reading and writing
  collection({ fields, rules: { fields: { price_fen: { list: 'user' } } } });
  // @ts-expect-error without `authors` nobody is kept
  collection({ fields, rules: { update: owner('createdBy') } });
});

it('indexes, orders and search take what has an order, or words', () => {
  const fields = goods;
  // @ts-expect-error no such path
  collection({ fields, indexes: [['extras.color']] });
  // @ts-expect-error a document has no order
  collection({ fields, indexes: [['extras']] });
  // @ts-expect-error a place has no order
  collection({ fields, sort: ['at'] });
  // @ts-expect-error no such path
  collection({ fields, sort: ['extras.color'] });
  // @ts-expect-error a number has no words
  collection({ fields, search: ['price_fen'] });
});

it('computed fields and hooks are given the record, and answer what they say', () => {
  const fields = goods;
  // @ts-expect-error no number
  collection({ fields, computed: { half: { as: field.int(), from: () => 'x' } } });
  // @ts-expect-error no such field
  collection({ fields, computed: { half: { as: field.int(), from: ({ prise }) => prise } } });
  // @ts-expect-error not such a record
  collection({ fields, hooks: { update: { before: () => ({ name: 5 }) } } });
  // @ts-expect-error no such condition
  collection({ fields, hooks: { list: { before: () => ({ nmae: 'x' }) } } });
  // @ts-expect-error no such operation
  collection({ fields, hooks: { write: {} } });
});

it('two collections may refer to each other, when one says its type', () => {
  const authors = collection({
    fields: { best: field.relation((): RelationTarget => books).optional() },
    rules: { list: { 'best.title': 'checked at start' } },
  });
  const books = collection({
    fields: { title: field.text({ maxLength: 9 }), authorId: field.relation(() => authors) },
    rules: { list: { 'authorId.best': 'b1' } },
  });
  expectTypeOf(books.fields.title).toExtend<Field<string>>();
  // @ts-expect-error no such field
  collection({ fields: books.fields, rules: { list: { 'authorId.bets': 'b1' } } });
});

it('the server’s own code asks by paths too', () => {
  const use = async (db: Data) => {
    await db.list(things, { where: { 'sellerId.cityId.people': { '>': 5 }, deletedAt: null } });
    // @ts-expect-error no such path
    await db.list(things, { where: { 'sellerId.cityId.peopel': { '>': 5 } } });
    // @ts-expect-error a list of files has no order
    await db.list(things, { sort: ['photos'] });
  };
  expectTypeOf(use).toBeFunction();
});

it('what is personal is said of the users of a collection, one field or several', () => {
  const erase = { onErase: 'delete' } as const;
  collection({ fields: goods, personal: { user: 'ownerId', ...erase } });
  collection({ fields: goods, personal: { user: ['ownerId', 'fans'], ...erase } });
  // @ts-expect-error no user
  collection({ fields: goods, personal: { user: 'name', ...erase } });
  // @ts-expect-error one of them is none
  collection({ fields: goods, personal: { user: ['ownerId', 'name'], ...erase } });
});

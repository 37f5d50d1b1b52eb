import { defineApp } from '../src/define/app.ts';
import { collection } from '../src/define/collection.ts';
import { caller } from '../src/define/field.ts';
import { field } from '../src/define/field-vocabulary.ts';
import { route } from '../src/define/route.ts';
import { becomes, only, owner, role, was } from '../src/define/rules.ts';

const tags = collection({
  fields: {
    name: field.text({ maxLength: 30 }).unique(),
    parent: field.relation('self').optional(),
    secret: field.text({ maxLength: 30 }).default('s').hidden(),
  },
  indexes: [['name']],
  rules: { list: 'public', read: 'public', create: 'user', update: 'user', delete: role('keeper') },
  cache: { maxAge: '5s', staleFor: '5s' },
});

const people = collection({
  fields: {
    name: field.text({ maxLength: 500 }),
    friends: field.relations('self', { maxItems: 100 }).default([]),
  },
  rules: { list: 'public', read: 'public', create: 'user', update: 'user' },
});

const things = collection({
  fields: {
    title: field.text({ maxLength: 40 }),
    story: field.richText({ maxLength: 2_000 }).optional(),
    count: field.int().default(0),
    price_fen: field.money().default(0),
    isDone: field.bool().default(false),
    at: field.datetime().optional(),
    stage: field.enum(['draft', 'open', 'closed']).default('draft'),
    anything: field.json().optional(),
    extras: field
      .json({ shape: { color: field.text({ maxLength: 20 }), size: field.int().optional() } })
      .optional(),
    spot: field.geo().optional(),
    photo: field.file().optional(),
    photos: field.files({ maxItems: 3 }).optional(),
    tag: field.relation(() => tags).optional(),
    tags: field.relations(() => tags, { maxItems: 20 }).default([]),
    ownerId: field.caller(),
    helper: field.user().optional(),
    members: field.users({ maxItems: 5 }).default([]),
    address: field
      .object({ city: field.text({ maxLength: 20 }), zip: field.text({ maxLength: 9 }).optional() })
      .optional(),
    parts: field.list(field.object({ name: field.text({ maxLength: 9 }) }), { maxItems: 4 }).default([]),
    words: field.list(field.text({ maxLength: 9 }), { maxItems: 4 }).default([]),
    cost_fen: field.money().default(1),
  },
  computed: { length: { as: field.int(), from: ({ title }) => title.length } },
  indexes: [['ownerId', '-createdAt'], ['stage'], ['extras.color'], ['spot']],
  search: ['title', 'story'],
  authors: true,
  softDelete: { keepFor: '1d' },
  rules: {
    list: ['public', { 'tag.name': 'tea' }],
    read: ['user', { stage: 'open' }, { members: { has: caller } }],
    create: 'user',
    update: [
      owner('ownerId'),
      { allOf: [was({ stage: 'draft' }), becomes({ stage: 'open' }), only('stage', 'title')] },
      role('keeper'),
    ],
    delete: owner('ownerId'),
    fields: { cost_fen: { read: owner('ownerId'), write: role('keeper') }, helper: { read: 'user' } },
  },
  hooks: {
    create: { before: ({ record }) => ({ ...record, title: record.title.trim() || 'untitled' }) },
    list: { before: ({ by }) => (by.kind === 'anonymous' ? { isDone: false } : undefined) },
    read: { after: ({ record }) => ({ ...record, count: record.count + 1 }) },
  },
});

const answer = { text: field.text({ maxLength: 500 }), count: field.int() };

/** An app that has every kind of field and of rule, for tests that send it anything. */
export const everyKind = { tags, people, things };
export const everyKindApp = defineApp({
  collections: everyKind,
  roles: ['keeper'],
  middleware: [
    ({ headers, setHeader }) => setHeader('x-agent', headers['user-agent'] === undefined ? '0' : '1'),
  ],
  routes: [
    route.get(
      '/echo/:word',
      {
        auth: 'optional',
        query: { times: field.int({ min: 1, max: 9 }).default(1), at: field.datetime().optional() },
        answer,
      },
      ({ params, query }) => ({ text: params.word.repeat(query.times).slice(0, 500), count: query.times }),
    ),
    route.post(
      '/counts/:id',
      { auth: 'user', body: { by: field.int({ min: -9, max: 9 }), deep: field.json().optional() }, answer },
      async ({ params, body, db }) => {
        const isDone = await db.increment(things, params.id, { count: body.by });
        return { text: isDone ? 'done' : 'none', count: body.by };
      },
    ),
  ],
});

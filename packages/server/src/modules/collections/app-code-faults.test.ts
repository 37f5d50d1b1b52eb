import { join } from 'node:path';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Answer,
  type Call,
  type ServedApp,
  serveApp,
  temporaryFolder,
} from '../../../testing/serve-app.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { field } from '../../define/field-vocabulary.ts';
import { route } from '../../define/route.ts';

/** Where the app's code misbehaves, and how. Undefined: it behaves. */
let bad: { readonly place: string; readonly act: () => unknown } | undefined;
const at = (place: string) => (bad?.place === place ? bad.act() : undefined);
const hook = (place: string) => () => at(place) as undefined;

const notes = collection({
  fields: { text: field.text({ maxLength: 40 }) },
  softDelete: { keepFor: '1d' },
  computed: {
    shout: { as: field.text({ maxLength: 40 }), from: ({ text }) => (at('computed') as string) ?? text },
  },
  rules: { list: 'public', read: 'public', create: 'public', update: 'public', delete: 'public' },
  hooks: {
    create: { before: hook('create.before'), after: hook('create.after') },
    update: { before: hook('update.before'), after: hook('update.after') },
    delete: { before: hook('delete.before'), after: hook('delete.after') },
    restore: { before: hook('restore.before'), after: hook('restore.after') },
    read: { after: hook('read.after') },
    list: { before: hook('list.before'), after: hook('list.after') },
  },
});
const app = defineApp({
  collections: { notes },
  middleware: [() => at('middleware') as undefined],
  routes: [
    route.post('/work', { auth: 'public' }, ({ db }) =>
      db.transaction(async (tx) => {
        await tx.create(notes, { text: 'by the route' });
        await at('route');
        return {};
      }),
    ),
    route.get('/shaped', { auth: 'public', answer: { text: field.text({ maxLength: 9 }) } }, () => {
      return at('shaped') as { text: string };
    }),
  ],
});

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let served: ServedApp;
beforeAll(async () => {
  folder = await temporaryFolder();
  const path = join(folder.path, 'app.sqlite');
  served = await serveApp(app, { path, maxTransactionMs: 200, answerTimeoutMs: 600 });
});
afterAll(async () => {
  await served.close();
  await folder.remove();
});
beforeEach(async () => {
  bad = undefined;
  for (const { id } of await served.records.data.list(notes)) await served.records.data.delete(notes, id);
  for (const id of ['n1', 'gone']) {
    await served.records.database.run({ sql: 'delete from notes where id = ?', parameters: [id] });
    await served.records.data.create(notes, { id, text: 'tea' });
  }
  await served.records.data.delete(notes, 'gone');
});

/** Each place where an app's code runs, and what runs it. */
const PLACES: Readonly<Record<string, readonly [path: string, call?: Call]>> = {
  middleware: ['/api/notes'],
  computed: ['/api/notes'],
  'list.before': ['/api/notes'],
  'list.after': ['/api/notes'],
  'read.after': ['/api/notes/n1'],
  'create.before': ['/api/notes', { body: { text: 'new' } }],
  'create.after': ['/api/notes', { body: { text: 'new' } }],
  'update.before': ['/api/notes/n1', { method: 'PATCH', body: { text: 'new' } }],
  'update.after': ['/api/notes/n1', { method: 'PATCH', body: { text: 'new' } }],
  'delete.before': ['/api/notes/n1', { method: 'DELETE' }],
  'delete.after': ['/api/notes/n1', { method: 'DELETE' }],
  'restore.before': ['/api/notes/gone/restore', { method: 'POST' }],
  'restore.after': ['/api/notes/gone/restore', { method: 'POST' }],
  route: ['/api/work', { method: 'POST' }],
};
const places = Object.keys(PLACES);

async function provoke(place: string, act: () => unknown): Promise<Answer> {
  bad = { place, act };
  const [path, call] = PLACES[place] ?? [`/api/${place}`];
  const answer = await served.call(path, call);
  bad = undefined;
  return answer;
}

/** Nothing was written, and the server goes on reading and writing. */
async function expectAllAsBefore(): Promise<void> {
  const texts = (await served.records.data.list(notes)).map(({ text }) => text);
  expect(texts).toEqual(['tea']);
  expect((await served.call('/api/notes', { body: { text: 'afterwards' } })).status).toBe(201);
}

async function expectLogged(answer: Answer, message: string): Promise<void> {
  const { requestId } = answer.json.error;
  await waitUntil('the line', () =>
    served
      .logged()
      .some(({ request, msg, level }) => request === requestId && msg === message && level === 50),
  );
}

class Spiteful extends Error {
  override get message(): string {
    throw new Error('no message');
  }
}
const circular = new Error('SELECT secret');
circular.cause = circular;

describe('what an app throws', () => {
  it.each(places)(
    'in %s refuses the request, says nothing, is logged, and leaves nothing behind',
    async (place) => {
      const answer = await provoke(place, () => {
        throw new Error('SELECT secret');
      });
      expect([answer.status, answer.json.error.code]).toEqual([500, 'INTERNAL']);
      expect(answer.text).not.toContain('secret');
      await expectLogged(answer, 'a request failed');
      await expectAllAsBefore();
    },
  );

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['text', 'SELECT secret'],
    ['a number', 7],
    ['a symbol', Symbol('secret')],
    ['a function', () => 'secret'],
    ['a frozen object', Object.freeze({ statusCode: 200, code: 'SECRET', message: 'secret' })],
    ['an object without a prototype', Object.create(null)],
    ['an error that is its own cause', circular],
    ['an error whose message throws', new Spiteful()],
    [
      'an error with a status of its own',
      Object.assign(new Error('secret'), { statusCode: 204, status: 204 }),
    ],
    ['a list', [new Error('secret')]],
  ])('may be %s', async (_what, thrown) => {
    const throws = () => {
      throw thrown;
    };
    for (const place of ['middleware', 'list.before', 'computed', 'create.before', 'route']) {
      const answer = await provoke(place, throws);
      expect([place, answer.status, answer.json?.error.code]).toEqual([place, 500, 'INTERNAL']);
      expect(answer.text).not.toContain('secret');
    }
    await expectAllAsBefore();
  });
});

describe('what an app answers', () => {
  const cycle: Record<string, unknown> = {};
  cycle.text = cycle;

  it.each<[string, string, unknown]>([
    ['no object where fields are declared', 'shaped', 'text'],
    ['null where fields are declared', 'shaped', null],
    ['what is no JSON', 'shaped', { text: 1n }],
    ['what has no end', 'shaped', { text: cycle }],
    [
      'what throws when it is read',
      'shaped',
      {
        get text() {
          throw new Error('secret');
        },
      },
    ],
    ['no records for a list', 'list.after', 7],
    ['no condition to narrow a list by', 'list.before', { nothing: 1 }],
    ['a condition on the inside', 'list.before', { __proto__: null, constructor: 1 }],
    ['what is no JSON in a computed field', 'computed', 1n],
  ])('%s is a fault of its own, and no more', async (_what, place, value) => {
    const answer = await provoke(place, () => value);
    expect([answer.status, answer.json.error.code]).toEqual([500, 'INTERNAL']);
    expect(answer.text).not.toContain('secret');
    await expectAllAsBefore();
  });
});

describe('an app that never answers', () => {
  const never = () => new Promise(() => {});

  it.each(places.filter((place) => /^(create|update|delete|restore|route)/.test(place)))(
    'in %s loses its transaction, and others go on',
    async (place) => {
      const waiting = provoke(place, never);
      const [read, written] = await Promise.all([
        served.call('/api/notes/n1'),
        served.call('/api/notes', { body: { text: 'meanwhile' } }),
      ]);
      expect([read.status, written.status]).toEqual([200, 201]);
      const answer = await waiting;
      expect([answer.status, answer.json.error.code]).toEqual([500, 'INTERNAL']);
      await expectLogged(answer, 'a request failed');
      const texts = (await served.records.data.list(notes)).map(({ text }) => text);
      expect(texts.toSorted()).toEqual(['meanwhile', 'tea']);
    },
  );

  it.each(['middleware', 'list.before', 'list.after', 'read.after'])(
    'in %s is given up, and the caller told',
    async (place) => {
      const answer = await provoke(place, never);
      expect([answer.status, answer.json.error.code]).toEqual([504, 'ANSWER_TIMEOUT']);
      await expectLogged(answer, 'a request was not answered in time');
      await expectAllAsBefore();
    },
  );
});

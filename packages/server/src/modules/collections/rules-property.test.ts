import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  filter,
  identity,
  kindsBehind,
  mayChange,
  mayTouch,
  names,
  passesFilter,
  type Room,
  rooms as roomLabels,
  roomRule,
  type Shelf,
  shelfRule,
  shelves as shelfValues,
  type Thing,
  textOf,
  thing,
  thingRule,
  type World,
} from '../../../testing/plain-world.ts';
import { type StoredRecords, storeRecords } from '../../../testing/store-records.ts';
import { defineApp } from '../../define/app.ts';
import { type AnyCollection, collection } from '../../define/collection.ts';
import { field } from '../../define/field-vocabulary.ts';
import type { AnyRule } from '../../define/rules.ts';
import type { Database } from '../../ports/database.ts';
import type { Identity } from '../../ports/identity.ts';
import { createRecordModel, type RecordModel } from '../records/record-model.ts';
import type { Records } from '../records/records.ts';
import { CollectionAccess } from './collection-access.ts';
import { CursorSigner } from './cursor-signer.ts';
import type { RawListQuery } from './list-query.ts';
import { RecordAnswers } from './record-answers.ts';
import { RecordReader } from './record-reader.ts';
import { RecordWriter } from './record-writer.ts';

/** Random rules and filters on random records, held against the model in `plain-world`. */
const rooms = collection({ fields: { label: field.text({ maxLength: 9 }) } });
const shelves = collection({
  fields: {
    label: field.text({ maxLength: 9 }),
    ownerId: field.user().optional(),
    room: field.relation(() => rooms).optional(),
  },
});
const word = field.text({ maxLength: 10, minLength: 0 });
const things = collection({
  fields: {
    ownerId: field.user().optional(),
    count: field.int().optional(),
    open: field.bool(),
    word: word.optional(),
    level: field.enum(['a', 'b', 'c']),
    members: field.users({ maxItems: 5 }).optional(),
    words: field.list(word, { maxItems: 5 }),
    box: field
      .object({
        size: field.int().optional(),
        open: field.bool(),
        marks: field.list(field.int(), { maxItems: 5 }),
      })
      .optional(),
    extras: field.json({ shape: { color: field.text({ maxLength: 10 }) } }).optional(),
    spot: field.geo().optional(),
    shelf: field.relation(() => shelves).optional(),
    tags: field.relations(() => shelves, { maxItems: 5 }),
  },
});
const app = defineApp({ collections: { rooms, shelves, things } });

let store: StoredRecords;
let database: Database;
let records: Records;

beforeAll(async () => {
  store = await storeRecords(app);
  ({ database, records } = store);
});
afterAll(async () => {
  await store.close();
});

const world = (atMost: number, atLeast = 0) =>
  fc.record({
    given: fc.array(thing, { minLength: atLeast, maxLength: atMost }),
    onShelves: shelfValues,
    inRooms: roomLabels,
  });
type Given = typeof world extends (...atMost: never[]) => fc.Arbitrary<infer Drawn> ? Drawn : never;

async function stored({ given, onShelves, inRooms }: Given): Promise<World> {
  for (const table of ['things', 'shelves', 'rooms']) {
    await database.run({ sql: `delete from ${table}`, parameters: [] });
  }
  return records.data.transaction(async (tx) => {
    const create = async <One>(of: AnyCollection, values: readonly object[]) => {
      const created: One[] = [];
      for (const one of values) created.push((await tx.create(of, one as never)) as One);
      return created;
    };
    return {
      rooms: await create<Room>(
        rooms,
        inRooms.map((one, index) => ({ id: `r${index}`, label: one })),
      ),
      shelves: await create<Shelf>(
        shelves,
        onShelves.map((one, index) => ({ id: `s${index}`, ...one })),
      ),
      things: await create<Thing>(things, given),
    };
  });
}

interface RulesOf {
  readonly things: Record<string, unknown>;
  readonly shelves?: AnyRule;
  readonly rooms?: AnyRule;
}

/** The collection of things as it is served under these rules, and those that it relates to. */
function servedUnder(rules: RulesOf) {
  const models = new Map<unknown, RecordModel>();
  const modelOf = (target: unknown) => models.get(target) as RecordModel;
  const tables = new Map<unknown, string>([
    [rooms, 'rooms'],
    [shelves, 'shelves'],
  ]);
  const declare = (name: string, of: AnyCollection, its: Record<string, unknown>) => {
    const tableOf = (target: unknown) => tables.get(target) ?? '';
    models.set(of, createRecordModel(name, { ...of, rules: its }, tableOf, modelOf));
  };
  declare('rooms', rooms, { list: rules.rooms });
  declare('shelves', shelves, { list: rules.shelves });
  declare('things', things, rules.things);
  const accesses = new Map([...models.values()].map((model) => [model, new CollectionAccess(model)]));
  const accessOf = (model: RecordModel) => accesses.get(model) as CollectionAccess;
  const model = modelOf(things);
  const deps = { records, wechat: none, accessOf };
  const answers = new RecordAnswers(deps);
  const signer = new CursorSigner(new Uint8Array(32));
  const reader = new RecordReader({ ...deps, model, answers, signer, optional: { allowed: () => true } });
  const writer = new RecordWriter(model, accessOf(model), answers, deps);
  const { session } = records;
  const callOf = (who: Identity) => ({ identity: who, log: none });
  return {
    list: (who: Identity, query: RawListQuery) => reader.list(callOf(who), query),
    read: (who: Identity, id: string) => reader.read(callOf(who), id, {}),
    create: (who: Identity, values: object) => writer.create(session, callOf(who), values),
    update: (who: Identity, id: string, values: object) =>
      writer.update(session, callOf(who), { id }, values),
    delete: (who: Identity, id: string) => writer.delete(session, callOf(who), { id }),
  };
}

const none = (): never => {
  throw new Error('there are no hooks here');
};

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );

it('no list shows a record that the rule forbids, nor leaves out one that it allows', async () => {
  const property = fc.asyncProperty(
    world(8),
    fc.record({ things: thingRule, word: thingRule, shelves: shelfRule, rooms: roomRule }),
    fc.option(filter),
    identity,
    async (given, rules, asked, who) => {
      const all = await stored(given);
      const mayList = (kind: keyof World, record: Thing | Shelf | Room) =>
        mayTouch(all, rules[kind], record, who);
      const maySeeWord = (one: Thing) => mayTouch(all, rules.word, one, who);
      const served = servedUnder({
        things: { list: rules.things, fields: { word: { read: rules.word } } },
        shelves: rules.shelves,
        rooms: rules.rooms,
      });
      const query = asked === null ? {} : { filter: textOf(asked) };
      const answer = await served
        .list(who, { ...query, limit: '100', sort: 'id' })
        .catch((error: { code: string }) => error);
      if (typeof answer !== 'string') {
        // A rule that lets this caller see nothing at all refuses instead, and what is not to be seen is not there.
        if (answer.code !== 'FILTER_INVALID') {
          expect(['AUTH_REQUIRED', 'FORBIDDEN']).toContain(answer.code);
          expect(all.things.filter((one) => mayList('things', one))).toEqual([]);
          return;
        }
        const isClosed = (kind: keyof World) => all[kind].every((one) => !mayList(kind, one));
        expect(asked !== null && (names(asked, 'word') || kindsBehind(asked).some(isClosed))).toBe(true);
        return;
      }
      // What can be asked about can be seen.
      if (asked !== null && names(asked, 'word')) expect(all.things.every(maySeeWord)).toBe(true);
      const expected = all.things
        .filter((one) => mayList('things', one) && (asked === null || passesFilter(all, asked, one, mayList)))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const { items } = JSON.parse(answer) as { items: Thing[] };
      expect(items.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      expect(items.map((item) => item.word ?? null)).toEqual(
        expected.map((one) => (maySeeWord(one) ? one.word : null)),
      );
    },
  );
  await fc.assert(property, { numRuns: 800 });
});

it('nothing is read, changed or deleted that the rule forbids', async () => {
  const property = fc.asyncProperty(
    world(3, 1),
    fc.record({ read: thingRule, update: thingRule, delete: thingRule }),
    identity,
    thing,
    async (given, rules, who, changes) => {
      const all = await stored(given);
      const served = servedUnder({ things: rules });
      for (const one of all.things) {
        const mayRead = mayTouch(all, rules.read, one, who);
        expect((await codeOf(served.read(who, one.id))) === 'done').toBe(mayRead);
        const mayUpdate = mayChange(all, rules.update, one, { ...one, ...changes }, who);
        expect((await codeOf(served.update(who, one.id, changes))) === 'done').toBe(mayUpdate);
        const now = { ...one, ...(mayUpdate ? changes : {}) };
        expect(await records.data.get(things, one.id)).toMatchObject({
          ...now,
          updatedAt: expect.any(String),
        });
        const mayDelete = mayTouch(all, rules.delete, now, who);
        const code = await codeOf(served.delete(who, one.id));
        expect(code === 'done').toBe(mayDelete);
        // What may not be read is not told from what is not there.
        if (code === 'FORBIDDEN' && who.kind === 'user' && !mayTouch(all, rules.read, now, who)) {
          expect(await codeOf(served.delete(who, 'no-such-thing'))).toBe('FORBIDDEN');
        }
      }
    },
  );
  await fc.assert(property, { numRuns: 250 });
});

it('nothing is created that the rule forbids', async () => {
  const property = fc.asyncProperty(
    world(0),
    thingRule,
    identity,
    thing,
    async (given, create, who, values) => {
      const all = await stored(given);
      const isDone = (await codeOf(servedUnder({ things: { create } }).create(who, values))) === 'done';
      expect(isDone).toBe(mayTouch(all, create, { id: '', ...values }, who));
      expect(await records.data.list(things)).toHaveLength(isDone ? 1 : 0);
    },
  );
  await fc.assert(property, { numRuns: 250 });
});

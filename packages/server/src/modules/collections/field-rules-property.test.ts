import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StoredRecords, storeRecords } from '../../../testing/store-records.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { caller } from '../../define/field.ts';
import { field } from '../../define/field-vocabulary.ts';
import { type AnyRule, role, ruleKind } from '../../define/rules.ts';
import type { Database } from '../../ports/database.ts';
import type { Identity } from '../../ports/identity.ts';
import { createRecordModel, type RecordModel } from '../records/record-model.ts';
import type { Records } from '../records/records.ts';
import { CollectionAccess } from './collection-access.ts';
import { CursorSigner } from './cursor-signer.ts';
import { RecordAnswers } from './record-answers.ts';
import { RecordReader } from './record-reader.ts';

/** Random rules of one field on random records, held against a model that judges one record as the rule is written. */
const boxes = collection({ fields: { isOpen: field.bool() }, rules: { list: 'public', read: 'public' } });
const fields = {
  ownerId: field.user().optional(),
  level: field.enum(['a', 'b']),
  box: field.relation(() => boxes).optional(),
  word: field.text({ maxLength: 10 }),
};
const things = collection({ fields });
const shelves = collection({
  fields: { thing: field.relation(() => things) },
  rules: { list: 'public', read: 'public' },
});
const app = defineApp({ collections: { boxes, things, shelves } });

interface Thing {
  readonly id: string;
  readonly ownerId: string | null;
  readonly level: string;
  readonly box: 'open' | 'shut' | null;
  readonly word: string;
}

let store: StoredRecords;
let database: Database;
let records: Records;

beforeAll(async () => {
  store = await storeRecords(app);
  ({ database, records } = store);
  await records.data.create(boxes, { id: 'open', isOpen: true });
  await records.data.create(boxes, { id: 'shut', isOpen: false });
});
afterAll(async () => {
  await store.close();
});

const thing = fc.record({
  ownerId: fc.option(fc.constantFrom('u1', 'u2')),
  level: fc.constantFrom('a', 'b'),
  box: fc.option(fc.constantFrom('open', 'shut')),
  word: fc.constantFrom('tea', 'cup'),
});
const roles = fc.subarray(['clerk', 'boss', 'other']);
const identity: fc.Arbitrary<Identity> = fc.oneof(
  fc.constantFrom<Identity>({ kind: 'anonymous' }, { kind: 'admin', adminId: 'a1', sessionId: 's' }),
  fc.record({
    kind: fc.constant('user'),
    userId: fc.constantFrom('u1', 'u3'),
    sessionId: fc.constant('s'),
    roles,
  }),
  fc.record({ kind: fc.constant('staff'), adminId: fc.constant('u1'), sessionId: fc.constant('s'), roles }),
  fc.record({
    kind: fc.constant('machine'),
    keyId: fc.constant('u1'),
    roles: fc.subarray(['clerk', 'admin']),
  }),
);
const { rule } = fc.letrec<{ rule: AnyRule }>((tie) => ({
  rule: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<AnyRule>('public', 'user', 'admin', 'nobody', role('clerk'), role('boss', 'other')),
    fc.constantFrom<AnyRule>(
      { ownerId: caller },
      { level: 'a' },
      { 'box.isOpen': true },
      { level: 'b', ownerId: caller },
    ),
    fc.array(tie('rule'), { minLength: 1, maxLength: 3 }),
    fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((allOf) => ({ allOf })),
  ),
}));

function maySee(of: AnyRule, record: Thing, who: Identity): boolean {
  if (Array.isArray(of)) return of.some((part) => maySee(part, record, who));
  if (typeof of === 'object' && 'allOf' in of)
    return (of.allOf as AnyRule[]).every((part) => maySee(part, record, who));
  const names: readonly string[] = 'roles' in who ? who.roles : [];
  const isAdmin = who.kind === 'admin' || (who.kind === 'machine' && names.includes('admin'));
  if (of === 'nobody') return false;
  if (of === 'public' || isAdmin) return true;
  if (of === 'user') return who.kind === 'user';
  if (of === 'admin') return false;
  if (ruleKind in (of as object)) return (of as { roles: string[] }).roles.some((one) => names.includes(one));
  const where = of as Record<string, unknown>;
  return Object.entries(where).every(([name, wanted]) => {
    if (name === 'box.isOpen') return record.box === 'open';
    if (wanted === caller) return who.kind === 'user' && record.ownerId === who.userId;
    return record[name as keyof Thing] === wanted;
  });
}

async function stored(given: readonly Omit<Thing, 'id'>[]): Promise<Thing[]> {
  for (const table of ['shelves', 'things'])
    await database.run({ sql: `delete from ${table}`, parameters: [] });
  return records.data.transaction(async (tx) => {
    const created: Thing[] = [];
    for (const values of given) {
      const one = (await tx.create(things, values as never)) as unknown as Thing;
      await tx.create(shelves, { thing: one.id });
      created.push(one);
    }
    return created;
  });
}

/** Readers of things, whose `word` is read by this rule, and of shelves that show them. */
function readersWith(read: AnyRule) {
  const declared = {
    ...things,
    rules: { list: 'public', read: 'public', fields: { word: { read } } },
  } as const;
  const [boxModel, , shelfModel] = records.models as [RecordModel, RecordModel, RecordModel];
  const names = (target: unknown) => (target === boxes ? 'boxes' : 'things');
  const model = createRecordModel('things', declared, names, () => boxModel);
  const shelfOf: RecordModel = { ...shelfModel, behind: () => model };
  const accesses = new Map([boxModel, model, shelfOf].map((one) => [one, new CollectionAccess(one)]));
  const accessOf = (one: RecordModel) => accesses.get(one) as CollectionAccess;
  const deps = { records, wechat: none, accessOf, optional: { allowed: () => true } };
  const shared = { ...deps, answers: new RecordAnswers(deps), signer: new CursorSigner(new Uint8Array(32)) };
  return {
    things: new RecordReader({ ...shared, model }),
    shelves: new RecordReader({ ...shared, model: shelfOf }),
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

it('shows a field of just those records of which its rule allows it, wherever they are shown', async () => {
  const property = fc.asyncProperty(
    fc.array(thing, { maxLength: 5 }),
    rule,
    identity,
    async (given, read, identity) => {
      const all = await stored(given);
      const readers = readersWith(read);
      const call = { identity, log: none };
      const check = (shown: Record<string, unknown>) => {
        const record = all.find(({ id }) => id === shown.id) as Thing;
        expect(shown.word ?? null).toBe(maySee(read, record, identity) ? record.word : null);
      };
      const { items } = JSON.parse(await readers.things.list(call, {}));
      expect(items).toHaveLength(all.length);
      items.forEach(check);
      for (const { id } of all) check(JSON.parse((await readers.things.read(call, id, {})).text));
      const page = JSON.parse(await readers.shelves.list(call, { expand: 'thing' }));
      for (const shelf of page.items) check(shelf.expanded.thing);
    },
  );
  await fc.assert(property, { numRuns: 200 });
});

it('neither filters nor sorts by a field that is not seen of every record', async () => {
  const property = fc.asyncProperty(
    fc.array(thing, { minLength: 1, maxLength: 4 }),
    rule,
    identity,
    async (given, read, identity) => {
      const all = await stored(given);
      const readers = readersWith(read);
      const call = { identity, log: none };
      const asked = [
        await codeOf(readers.things.list(call, { filter: 'word = "tea"' })),
        await codeOf(readers.things.list(call, { sort: 'word' })),
        await codeOf(readers.shelves.list(call, { filter: 'thing.word = "tea"' })),
      ];
      const isHidden = all.some((record) => !maySee(read, record, identity));
      if (isHidden) expect(asked).toEqual(['FILTER_INVALID', 'SORT_INVALID', 'FILTER_INVALID']);
      else expect(new Set(asked)).toSatisfy((codes: Set<string>) => codes.has('done') === (codes.size === 1));
    },
  );
  await fc.assert(property, { numRuns: 200 });
});

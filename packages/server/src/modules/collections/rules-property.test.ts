import { join } from 'node:path';
import { MiB, systemClock } from '@maque/kit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../../testing/serve-app.ts';
import { openSqliteDatabase } from '../../adapters/database/sqlite/sqlite-database.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { caller, field } from '../../define/field.ts';
import type { AnyRule } from '../../define/rules.ts';
import type { Database } from '../../ports/database.ts';
import type { Identity } from '../../ports/identity.ts';
import { prepareDatabase } from '../records/prepare-database.ts';
import { createRecordModel } from '../records/record-model.ts';
import { createRecords, type Records } from '../records/records.ts';
import { CollectionAccess } from './collection-access.ts';
import { CursorSigner } from './cursor-signer.ts';
import type { RawListQuery } from './list-query.ts';
import { RecordAnswers } from './record-answers.ts';
import { RecordReader } from './record-reader.ts';
import { RecordWriter } from './record-writer.ts';

/**
 * Random rules and filters on random records, held against a model that knows nothing of SQL, conditions or access: it
 * says of one record at a time whether a rule or a filter, as written, lets it through.
 */
const fields = {
  ownerId: field.user().optional(),
  count: field.int().optional(),
  open: field.bool(),
  word: field.text({ maxLength: 10, minLength: 0 }).optional(),
  level: field.enum(['a', 'b', 'c']),
};
const things = collection({ fields });
const app = defineApp({ collections: { things } });

interface Thing {
  readonly id: string;
  readonly ownerId: string | null;
  readonly count: number | null;
  readonly open: boolean;
  readonly word: string | null;
  readonly level: string;
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let database: Database;
let records: Records;

beforeAll(async () => {
  folder = await temporaryFolder();
  const path = join(folder.path, 'app.sqlite');
  database = await openSqliteDatabase({ path, cacheBytes: 4 * MiB, synchronous: 'normal' });
  records = createRecords({ app, database, clock: systemClock });
  await prepareDatabase({ app, records, migrations: [], clock: systemClock });
});
afterAll(async () => {
  await database.close();
  await folder.remove();
});

const words = fc.constantFrom('', 'a', 'A', 'ab', 'b', '茶', '茶a', '%', '_', "'", '🍵', '\uffee');
const users = fc.constantFrom('u1', 'u2');
const counts = fc.constantFrom(-2, 0, 1, 5);
const levels = fc.constantFrom('a', 'b', 'c');
const thing = fc.record({
  ownerId: fc.option(users),
  count: fc.option(counts),
  open: fc.boolean(),
  word: fc.option(words),
  level: levels,
});
const identity: fc.Arbitrary<Identity> = fc.constantFrom<Identity>(
  { kind: 'anonymous' },
  { kind: 'user', userId: 'u1', sessionId: 's', roles: [] },
  { kind: 'user', userId: 'u3', sessionId: 's', roles: [] },
  { kind: 'admin', adminId: 'u1', sessionId: 's' },
);

type Test = { readonly name: keyof Thing; readonly operator: string; readonly value: unknown };
const order = fc.constantFrom('=', '!=', '>', '>=', '<', '<=');
const equality = fc.constantFrom('=', '!=');
const testOf = (name: keyof Thing, operator: fc.Arbitrary<string>, value: fc.Arbitrary<unknown>) =>
  fc.record({ name: fc.constant(name), operator, value });
const plainTests = [
  testOf('count', order, counts),
  testOf('word', order, words),
  testOf('open', equality, fc.boolean()),
  testOf('level', equality, levels),
  testOf('ownerId', equality, users),
  testOf('word', equality, fc.constant(null)),
  testOf('count', fc.constant('in'), fc.array(counts, { minLength: 1, maxLength: 5 })),
  testOf('level', fc.constant('in'), fc.array(levels, { minLength: 1, maxLength: 3 })),
] as const;

const where = fc
  .array(fc.oneof(...plainTests, testOf('ownerId', equality, fc.constant(caller))), {
    minLength: 1,
    maxLength: 3,
  })
  .map((tests) => {
    const condition: Record<string, Record<string, unknown>> = {};
    for (const { name, operator, value } of tests)
      condition[name] = { ...condition[name], [operator]: value };
    return condition;
  });
const { rule } = fc.letrec<{ rule: AnyRule }>((tie) => ({
  rule: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<AnyRule>('public', 'user', 'admin', 'nobody'),
    where,
    fc.array(tie('rule'), { minLength: 1, maxLength: 3 }),
    fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((allOf) => ({ allOf })),
  ),
}));

type Filter =
  | { readonly test: Test }
  | { readonly not: Filter }
  | { readonly join: 'and' | 'or'; readonly parts: readonly Filter[] };
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    fc
      .oneof(
        ...plainTests,
        testOf('word', fc.constant('like'), fc.constantFrom('%', 'a%', '%A', '%茶%', '_', '%%')),
      )
      .map((test) => ({ test })),
    tie('filter').map((not) => ({ not })),
    fc.record({
      join: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('filter'), { minLength: 1, maxLength: 2 }),
    }),
  ),
}));

function textOf(of: Filter): string {
  if ('not' in of) return `not (${textOf(of.not)})`;
  if ('join' in of) return `(${of.parts.map(textOf).join(` ${of.join} `)})`;
  const { name, operator, value } = of.test;
  const literal = Array.isArray(value)
    ? `(${value.map((one) => JSON.stringify(one)).join(', ')})`
    : JSON.stringify(value);
  return `${name} ${operator} ${literal}`;
}

// ---- the model

function passes(test: Test, record: Thing, callerId: string | undefined): boolean {
  const value = record[test.name];
  if (test.value === caller && callerId === undefined) return false;
  const other = test.value === caller ? callerId : test.value;
  if (test.operator === '=') return value === other;
  if (test.operator === '!=') return value !== other;
  if (test.operator === 'in') return (other as unknown[]).includes(value);
  if (value === null) return false;
  if (test.operator === 'like') return regexOf(String(other)).test(String(value));
  const sign =
    typeof value === 'string'
      ? Buffer.compare(Buffer.from(value), Buffer.from(String(other)))
      : Number(value) - Number(other);
  return { '>': sign > 0, '>=': sign >= 0, '<': sign < 0, '<=': sign <= 0 }[test.operator] === true;
}

function regexOf(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll('%', '[^]*')}$`, 'i');
}

function fitsFilter(of: Filter, record: Thing): boolean {
  if ('not' in of) return !fitsFilter(of.not, record);
  if (!('join' in of)) return passes(of.test, record, undefined);
  return of.join === 'and'
    ? of.parts.every((part) => fitsFilter(part, record))
    : of.parts.some((part) => fitsFilter(part, record));
}

function mayTouch(of: AnyRule, record: Thing, who: Identity): boolean {
  if (of === 'nobody') return false;
  if (of === 'public') return true;
  if (of === 'user') return who.kind !== 'anonymous';
  if (of === 'admin') return who.kind === 'admin';
  if (Array.isArray(of)) return of.some((part) => mayTouch(part, record, who));
  if ('allOf' in of) return (of.allOf as AnyRule[]).every((part) => mayTouch(part, record, who));
  if (who.kind === 'admin') return true;
  const callerId = who.kind === 'user' ? who.userId : undefined;
  return Object.entries(of as Record<string, Record<string, unknown>>).every(([name, tests]) =>
    Object.entries(tests).every(([operator, value]) =>
      passes({ name: name as keyof Thing, operator, value }, record, callerId),
    ),
  );
}

/** One alternative has to let the whole change through. */
function mayChange(of: AnyRule, before: Thing, after: Thing, who: Identity): boolean {
  if (Array.isArray(of)) return of.some((part) => mayChange(part, before, after, who));
  if (typeof of === 'object' && 'allOf' in of)
    return (of.allOf as AnyRule[]).every((part) => mayChange(part, before, after, who));
  return mayTouch(of, before, who) && mayTouch(of, after, who);
}

// ---- what is held against it

async function stored(given: readonly Omit<Thing, 'id'>[]): Promise<Thing[]> {
  await database.run({ sql: 'delete from things', parameters: [] });
  return records.data.transaction(async (tx) => {
    const created: Thing[] = [];
    for (const values of given) created.push((await tx.create(things, values as never)) as unknown as Thing);
    return created;
  });
}

function collectionWith(rules: Record<string, AnyRule>) {
  const model = createRecordModel('things', { ...things, rules }, () => '', none);
  const access = new CollectionAccess(model);
  const deps = { records, wechat: none, accessOf: () => access };
  const answers = new RecordAnswers(deps);
  const signer = new CursorSigner(new Uint8Array(32));
  const optional = { allowed: () => true };
  return {
    reader: readerOf(new RecordReader({ ...deps, model, answers, signer, optional })),
    writer: writerOf(new RecordWriter(model, access, answers, deps)),
  };
}

function readerOf(reader: RecordReader) {
  const callOf = (identity: Identity) => ({ identity, log: none });
  return {
    list: (who: Identity, query: RawListQuery) => reader.list(callOf(who), query),
    read: (who: Identity, id: string) => reader.read(callOf(who), id, {}),
  };
}

/** Writes as a request does that comes by itself. */
function writerOf(writer: RecordWriter) {
  const { session } = records;
  const callOf = (identity: Identity) => ({ identity, log: none });
  return {
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
    fc.array(thing, { maxLength: 8 }),
    rule,
    fc.option(filter),
    identity,
    async (given, list, asked, who) => {
      const all = await stored(given);
      const query = asked === null ? {} : { filter: textOf(asked) };
      const expected = all
        .filter((one) => mayTouch(list, one, who) && (asked === null || fitsFilter(asked, one)))
        .map(({ id }) => id);
      const answer = await collectionWith({ list })
        .reader.list(who, { ...query, limit: '100', sort: 'id' })
        .catch((error) => error);
      // A rule that lets this caller see nothing at all refuses instead.
      if (typeof answer !== 'string') expect(['AUTH_REQUIRED', 'FORBIDDEN']).toContain(answer.code);
      const shown = typeof answer === 'string' ? JSON.parse(answer).items : [];
      expect(shown.map(({ id }: Thing) => id)).toEqual(expected.toSorted());
    },
  );
  await fc.assert(property, { numRuns: 400 });
});

it('nothing is read, changed or deleted that the rule forbids', async () => {
  const property = fc.asyncProperty(
    fc.array(thing, { minLength: 1, maxLength: 3 }),
    rule,
    rule,
    rule,
    identity,
    thing,
    async (given, read, update, remove, who, changes) => {
      const all = await stored(given);
      const { reader, writer } = collectionWith({ read, update, delete: remove });
      for (const one of all) {
        const mayRead = mayTouch(read, one, who);
        expect((await codeOf(reader.read(who, one.id))) === 'done').toBe(mayRead);
        const mayUpdate = mayChange(update, one, { ...one, ...changes }, who);
        expect((await codeOf(writer.update(who, one.id, changes))) === 'done').toBe(mayUpdate);
        const now = { ...one, ...(mayUpdate ? changes : {}) };
        expect(await records.data.get(things, one.id)).toMatchObject({
          ...now,
          updatedAt: expect.any(String),
        });
        const mayDelete = mayTouch(remove, now, who);
        const code = await codeOf(writer.delete(who, one.id));
        expect(code === 'done').toBe(mayDelete);
        // What may not be read is not told from what is not there.
        if (code === 'FORBIDDEN' && who.kind === 'user' && !mayTouch(read, now, who)) {
          expect(await codeOf(writer.delete(who, 'no-such-thing'))).toBe('FORBIDDEN');
        }
      }
    },
  );
  await fc.assert(property, { numRuns: 200 });
});

it('nothing is created that the rule forbids', async () => {
  const property = fc.asyncProperty(rule, identity, thing, async (create, who, values) => {
    await stored([]);
    const isDone = (await codeOf(collectionWith({ create }).writer.create(who, values))) === 'done';
    expect(isDone).toBe(mayTouch(create, { id: '', ...values }, who));
    expect(await records.data.list(things)).toHaveLength(isDone ? 1 : 0);
  });
  await fc.assert(property, { numRuns: 200 });
});

import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StoredRecords, storeRecords } from '../../../testing/store-records.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { caller } from '../../define/field.ts';
import { field } from '../../define/field-vocabulary.ts';
import { type AnyRule, becomes, only, role, was } from '../../define/rules.ts';
import type { Identity } from '../../ports/identity.ts';
import { createRecordModel } from '../records/record-model.ts';
import type { Records } from '../records/records.ts';
import { CollectionAccess } from './collection-access.ts';
import { RecordAnswers } from './record-answers.ts';
import { RecordWriter } from './record-writer.ts';

/**
 * Random rules about what is written, by whom, from what to what, held against a model that judges one change as the
 * rule is written.
 */
const levels = ['a', 'b', 'c'] as const;
const things = collection({
  fields: {
    ownerId: field.user().optional(),
    level: field.enum(levels).default('a'),
    open: field.bool().default(false),
  },
});
const app = defineApp({ collections: { things } });

interface Thing {
  readonly ownerId: string | null;
  readonly level: string;
  readonly open: boolean;
}
type Values = Partial<Thing>;
interface Rules {
  readonly create: AnyRule;
  readonly update: AnyRule;
  readonly levelWrite: AnyRule | undefined;
}

let store: StoredRecords;
let records: Records;

beforeAll(async () => {
  store = await storeRecords(app);
  ({ records } = store);
});
afterAll(async () => {
  await store.close();
});

const owners = fc.option(fc.constantFrom('u1', 'u2'));
const level = fc.constantFrom(...levels);
const thing = fc.record({ ownerId: owners, level, open: fc.boolean() });
const changes = fc
  .record({ ownerId: owners, level, open: fc.boolean() }, { requiredKeys: [] })
  .filter((values) => Object.keys(values).length > 0);
const identity = fc.constantFrom<Identity>(
  { kind: 'anonymous' },
  { kind: 'user', userId: 'u1', sessionId: 's', roles: [] },
  { kind: 'user', userId: 'u2', sessionId: 's', roles: ['editor'] },
  { kind: 'staff', adminId: 'u1', sessionId: 's', roles: ['editor', 'unheard-of'] },
  { kind: 'machine', keyId: 'k1', roles: ['chief'] },
  { kind: 'machine', keyId: 'k1', roles: ['admin'] },
  { kind: 'admin', adminId: 'u1', sessionId: 's' },
);

const where = fc.oneof(
  level.map((one) => ({ level: one })),
  fc.boolean().map((one) => ({ open: one })),
  fc.constant({ ownerId: caller }),
  fc.record({ level: fc.record({ '!=': level }), open: fc.boolean() }),
);
const names = fc.uniqueArray(fc.constantFrom('ownerId', 'level', 'open'), { minLength: 1, maxLength: 2 });
const { rule } = fc.letrec<{ rule: AnyRule }>((tie) => ({
  rule: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<AnyRule>('public', 'user', 'admin', 'nobody', role('editor'), role('chief', 'editor')),
    where,
    where.map((one) => was(one)),
    where.map((one) => becomes(one)),
    names.map((some) => only(...some)),
    fc.array(tie('rule'), { minLength: 1, maxLength: 3 }),
    fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((allOf) => ({ allOf })),
  ),
}));
const rules: fc.Arbitrary<Rules> = fc.record({
  create: rule,
  update: rule,
  levelWrite: fc.option(rule, { nil: undefined }),
});

// ---- the model

interface Change {
  readonly before?: Thing;
  readonly after: Thing;
  readonly values: Values;
}

const kindOf = (of: AnyRule): unknown =>
  typeof of === 'object' ? (of as Record<symbol, unknown>)[Symbol.for('maque.rule')] : undefined;
const isAdmin = (who: Identity) =>
  who.kind === 'admin' || (who.kind === 'machine' && who.roles.includes('admin'));

function mayChange(of: AnyRule, change: Change, who: Identity): boolean {
  if (of === 'nobody') return false;
  if (Array.isArray(of)) return of.some((part) => mayChange(part, change, who));
  if (typeof of === 'object' && 'allOf' in of)
    return (of.allOf as AnyRule[]).every((part) => mayChange(part, change, who));
  if (isAdmin(who) || of === 'public') return true;
  if (of === 'user') return who.kind === 'user';
  if (of === 'admin') return false;
  const { before, after, values } = change;
  const told = of as { roles: string[]; fields: string[]; where: object };
  switch (kindOf(of)) {
    case 'role':
      return 'roles' in who && who.roles.some((one) => told.roles.includes(one));
    case 'only':
      return Object.keys(values).every((name) => told.fields.includes(name));
    case 'was':
      return before !== undefined && fits(told.where, before, who);
    case 'becomes':
      return fits(told.where, after, who);
    default:
      return fits(of as object, after, who) && (before === undefined || fits(of as object, before, who));
  }
}

function fits(tests: object, record: Thing, who: Identity): boolean {
  return Object.entries(tests).every(([name, wanted]) => {
    const value = record[name as keyof Thing];
    if (wanted === caller) return who.kind === 'user' && value === who.userId;
    return typeof wanted === 'object' ? value !== wanted['!='] : value === wanted;
  });
}

function may(operation: AnyRule, { levelWrite }: Rules, change: Change, who: Identity): boolean {
  if (!mayChange(operation, change, who)) return false;
  return levelWrite === undefined || !('level' in change.values) || mayChange(levelWrite, change, who);
}

// ---- what is held against it

const none = (): never => {
  throw new Error('there are no hooks here');
};

function writerWith({ create, update, levelWrite }: Rules): RecordWriter {
  const fieldRules = levelWrite === undefined ? {} : { fields: { level: { write: levelWrite } } };
  const declared = { ...things, rules: { create, update, read: 'public' as const, ...fieldRules } };
  const model = createRecordModel('things', declared, () => '', none);
  const access = new CollectionAccess(model);
  const deps = { records, wechat: none, accessOf: () => access };
  return new RecordWriter(model, access, new RecordAnswers(deps), deps);
}

const isDone = (write: Promise<unknown>): Promise<boolean> =>
  write.then(
    () => true,
    ({ code }: { code: string }) => {
      expect(['AUTH_REQUIRED', 'FORBIDDEN']).toContain(code);
      return false;
    },
  );

it('nothing is created or changed but what the rules let through, and all of that', async () => {
  const property = fc.asyncProperty(rules, identity, thing, changes, async (given, who, before, values) => {
    const writer = writerWith(given);
    const call = { identity: who, log: none };
    const { id } = await records.data.create(things, before as never);
    const after = { ...before, ...values };
    const mayUpdate = may(given.update, given, { before, after, values }, who);
    expect(await isDone(writer.update(records.session, call, { id }, values))).toBe(mayUpdate);
    expect(await records.data.get(things, id)).toMatchObject(mayUpdate ? after : before);

    const created = { ownerId: null, level: 'a', open: false, ...values };
    const mayCreate = may(given.create, given, { after: created, values }, who);
    expect(await isDone(writer.create(records.session, call, values))).toBe(mayCreate);
  });
  await fc.assert(property, { numRuns: 500 });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StoredRecords, storeRecords } from '../../../testing/store-records.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { caller } from '../../define/field.ts';
import { field } from '../../define/field-vocabulary.ts';
import { conditionOf } from '../../define/read-where.ts';
import type { AnyWhere } from '../../define/rules.ts';
import type { Database } from '../../ports/database.ts';
import { matches } from './condition-match.ts';
import { type RecordModel, recordOf } from './record-model.ts';
import type { Records } from './records.ts';

const text = () => field.text({ maxLength: 20 });
const teams = collection({
  fields: {
    inside: field
      .json({
        shape: {
          name: text(),
          size: field.int(),
          isOpen: field.bool(),
          spot: field.geo(),
          words: field.list(text(), { maxItems: 5 }),
          members: field.users({ maxItems: 5 }),
        },
      })
      .optional(),
    words: field.list(text(), { maxItems: 5 }).optional(),
    spot: field.geo().optional(),
  },
});
const app = defineApp({ collections: { teams } });
const HERE = { lat: 30.25, lng: 120.15 };

/** As declared, and as columns and documents may be from before something else was declared. */
const INSIDE = [
  { name: 'u1', size: 1, isOpen: true, spot: HERE, words: ['u1'], members: ['u1', 'u2'] },
  { name: ['u1'], size: '1', isOpen: 1, spot: { lat: '30.25', lng: '120.15' }, words: 'u1', members: 'xu1x' },
  {
    name: { u1: 1 },
    size: true,
    isOpen: 'true',
    spot: 'u1',
    words: { includes: 'u1' },
    members: { u1: true },
  },
  { name: 1, size: [1], isOpen: null, spot: [30.25, 120.15], words: [['u1']], members: [null, 1] },
  'u1',
  ['u1'],
];
const OUTSIDE = [['u1'], 'u1', { u1: 1 }, 1, null];

let store: StoredRecords;
let database: Database;
let records: Records;
let model: RecordModel;

beforeAll(async () => {
  store = await storeRecords(app);
  ({ database, records } = store);
  [model] = records.models as [RecordModel];
  const kept = [
    ...INSIDE.map((inside) => ({ inside, words: null, spot: null })),
    ...OUTSIDE.map((words) => ({ inside: null, words, spot: words })),
    { inside: null, words: null, spot: HERE },
  ];
  for (const [index, values] of kept.entries()) {
    const id = `t${index}`;
    await records.data.create(teams, { id });
    const parameters = [...Object.values(values).map((value) => JSON.stringify(value)), id];
    await database.run({ sql: 'update teams set inside = ?, words = ?, spot = ? where id = ?', parameters });
  }
});
afterAll(async () => {
  await store.close();
});

it.each<[AnyWhere, number]>([
  [{ 'inside.name': 'u1' }, 1],
  [{ 'inside.name': { '!=': 'u1' } }, 11],
  [{ 'inside.size': 1 }, 1],
  [{ 'inside.isOpen': true }, 1],
  [{ 'inside.words': { has: 'u1' } }, 1],
  [{ 'inside.members': { has: 'u1' } }, 1],
  [{ 'inside.members': { has: caller } }, 1],
  [{ 'inside.spot': { near: { ...HERE, meters: 10 } } }, 1],
  [{ words: { has: 'u1' } }, 1],
  [{ spot: { near: { ...HERE, meters: 10 } } }, 1],
])('means in memory what it means in the database: %o', async (where, fitting) => {
  const condition = conditionOf(model.fields, where, ({ field: name }) => {
    throw new Error(name);
  });
  const list = { callerId: 'u1', sort: model.sort, limit: 100, columns: model.columns };
  const idsOf = async (of: typeof condition) => {
    const rows = await records.session.store.lists.select(database, model, { ...list, condition: of });
    return rows.map(([id]) => id);
  };
  const everything = await records.session.store.lists.select(database, model, {
    ...list,
    condition: { kind: 'all', parts: [] },
  });
  const subject = { model, callerId: 'u1', isRelated: () => false };
  const inMemory = everything
    .map((row) => recordOf(model, row))
    .filter((record) => matches(subject, condition, record))
    .map(({ id }) => id);
  expect(inMemory).toEqual(await idsOf(condition));
  expect(inMemory).toHaveLength(fitting);
});

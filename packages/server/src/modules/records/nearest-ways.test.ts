import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nearestSelection } from '../../../testing/nearest-selection.ts';
import { type StoredRecords, storeRecords } from '../../../testing/store-records.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import type { Condition } from '../../define/condition.ts';
import { field } from '../../define/field-vocabulary.ts';
import type { DatabaseConnection, Statement } from '../../ports/database.ts';
import { RING_MAX } from './nearest-rings.ts';
import type { RecordModel } from './record-model.ts';
import { COMPARED_MAX } from './sparse-parts.ts';

const places = collection({
  fields: { kind: field.int(), shelf: field.int(), at: field.geo() },
  indexes: [['shelf', '-createdAt']],
});
const from = { lat: 30.25, lng: 120.15 };
const BY_PLACE = 'places_at_near';
const BY_SHELF = 'places_shelf_createdAt_desc_id_desc';
const FEW = 1;
const ELSEWHERE = 2;
const MANY = 3;

let store: StoredRecords;
let model: RecordModel;

beforeAll(async () => {
  store = await storeRecords(defineApp({ collections: { places } }));
  [model] = store.records.models as [RecordModel];
  await store.records.data.transaction(async (tx) => {
    // More than a list looks through within 3 km, and more than few on a shelf far away.
    for (let index = 0; index < RING_MAX + 500; index += 1) {
      const meters = 3_000 * Math.sqrt(index / (RING_MAX + 500));
      const at = { lat: from.lat + (meters / 111_195) * Math.sin(index), lng: from.lng };
      await tx.create(places, { kind: index, shelf: index % 100 === 0 ? FEW : MANY, at });
    }
    for (let index = 0; index <= COMPARED_MAX; index += 1) {
      const at = { lat: -30, lng: 20 };
      await tx.create(places, { kind: 0, shelf: ELSEWHERE, at });
      if (index > RING_MAX) await tx.create(places, { kind: 0, shelf: MANY, at });
    }
  });
});
afterAll(async () => {
  await store.close();
});

/** The indexes by which the statements of a list read, one after the other, and how many records it found. */
async function waysOf(other: Condition | undefined, meters: number) {
  const { connection, store: records } = store.records.session;
  const statements: Statement[] = [];
  const listening: DatabaseConnection = Object.assign(Object.create(connection), {
    arrays(statement: Statement) {
      statements.push(statement);
      return connection.arrays(statement);
    },
  });
  const selection = nearestSelection(model, { ...from, meters }, other, { limit: 21 });
  const rows = await records.lists.select(listening, model, selection);
  const plans = await Promise.all(statements.map((statement) => store.database.explain(statement)));
  const steps = plans.map((plan) => plan.steps.find(({ table }) => table === 'places'));
  return {
    found: rows.length,
    indexes: steps.map((step) => step?.index),
    details: steps.map((step) => step?.detail),
  };
}

const onShelf = (operand: number): Condition => ({
  kind: 'compare',
  field: 'shelf',
  comparator: '=',
  operand,
});

describe('what is nearest', () => {
  it('is found in each band of latitude between two longitudes', async () => {
    const { found, details } = await waysOf(undefined, 100_000);
    expect(found).toBe(21);
    expect(details.length).toBeLessThanOrEqual(2);
    // An equality for the band, then a range: a range first would be all around the Earth.
    for (const detail of details)
      expect(detail).toContain(`${BY_PLACE} (<expr>=? AND <expr>>? AND <expr><?)`);
  });

  it('of what no index has is found ring by ring', async () => {
    const other: Condition = { kind: 'compare', field: 'kind', comparator: '=', operand: 2_400 };
    const { found, indexes } = await waysOf(other, 20_000);
    expect(found).toBe(1);
    expect(new Set(indexes)).toEqual(new Set([BY_PLACE]));
  });

  it('of few is read once by what leads to them', async () => {
    const { found, indexes } = await waysOf(onShelf(FEW), 100_000);
    expect(found).toBe(21);
    expect(indexes).toEqual([BY_SHELF, BY_SHELF]);
  });

  it('of many is found by the circle, and by what leads to them where they are elsewhere', async () => {
    const here = await waysOf(onShelf(MANY), 100_000);
    expect(here.found).toBe(21);
    expect(here.indexes).toEqual([BY_SHELF, ...here.indexes.slice(1).map(() => BY_PLACE)]);
    const elsewhere = await waysOf(onShelf(ELSEWHERE), 100_000);
    expect(elsewhere.found).toBe(0);
    expect(elsewhere.indexes.at(-1)).toBe(BY_SHELF);
    expect(elsewhere.indexes.length).toBeLessThan(10);
  });
});

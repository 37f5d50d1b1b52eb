import { afterEach, beforeEach, expect, it } from 'vitest';
import { nearestSelection } from '../../../testing/nearest-selection.ts';
import { type StoredRecords, storeRecords } from '../../../testing/store-records.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import type { Condition } from '../../define/condition.ts';
import { field } from '../../define/field-vocabulary.ts';
import { haversine, metersOfHaversine } from './geo-circle.ts';
import { DISTANCE, type Position, positionOf, rowValue } from './list-order.ts';
import type { RecordModel } from './record-model.ts';
import type { Records } from './records.ts';

const places = collection({
  fields: { name: field.text({ maxLength: 20 }), even: field.bool(), at: field.geo().optional() },
});
const app = defineApp({ collections: { places } });
const from = { lat: 30.25, lng: 120.15 };

let store: StoredRecords;
let records: Records;
let model: RecordModel;

beforeEach(async () => {
  store = await storeRecords(app);
  ({ records } = store);
  [model] = records.models as [RecordModel];
});
afterEach(async () => {
  await store.close();
});

/** Places on a spiral, from next door to 60 km away, each third at the same place as the one before. */
async function placesAround(count: number): Promise<void> {
  await records.data.transaction(async (tx) => {
    for (let index = 0; index < count; index += 1) {
      const step = index - (index % 3 === 1 ? 1 : 0);
      const degrees = 0.6 * (step / count) ** 3;
      const at = { lat: from.lat + degrees * Math.sin(step), lng: from.lng + degrees * Math.cos(step) };
      await tx.create(places, { name: `p${index}`, even: index % 2 === 0, at });
    }
    await tx.create(places, { name: 'nowhere', even: true });
  });
}

/** The ids of all pages, and how far away each was said to be. */
async function pagesOf(part: Condition | undefined, meters: number, limit: number) {
  const seen: { id: unknown; meters: number }[] = [];
  let after: Position | undefined;
  for (;;) {
    const selection = nearestSelection(model, { ...from, meters }, part, { after, limit });
    const { connection, store } = records.session;
    const rows = await store.lists.select(connection, model, selection);
    for (const row of rows) {
      const distance = rowValue(selection, row, DISTANCE) as number;
      seen.push({ id: row[0], meters: metersOfHaversine(distance) });
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit) return seen;
    after = positionOf(selection, last);
  }
}

it.each([
  ['across all rings', undefined, 100_000],
  ['in a circle inside a ring', undefined, 700],
  ['of those that fit', { kind: 'compare', field: 'even', comparator: '=', operand: true } as const, 30_000],
])('lists what is nearest first, page by page: %s', async (_, part, meters) => {
  await placesAround(150);
  const all = await records.data.list(places, { limit: 1_000 });
  const expected = all
    .filter(({ even }) => part === undefined || even)
    .flatMap(({ id, at }) => (at === null ? [] : [{ id, distance: haversine(from, at) }]))
    .filter(({ distance }) => metersOfHaversine(distance) <= meters)
    .toSorted((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1));
  expect(expected.length).toBeGreaterThan(20);
  const seen = await pagesOf(part, meters, 7);
  expect(seen.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
  for (const [index, { meters: told }] of seen.entries()) {
    expect(told).toBeCloseTo(metersOfHaversine(expected[index]?.distance ?? Number.NaN), 4);
  }
});

it('finds the same in another order, whether few are in the circle or many', async () => {
  await placesAround(1_500);
  for (const meters of [300, 50_000]) {
    const all = await records.data.list(places, { sort: ['-name'], limit: 1_000 });
    const expected = all
      .filter(({ at }) => at !== null && metersOfHaversine(haversine(from, at)) <= meters)
      .slice(0, 30)
      .map(({ name }) => name);
    const where = { at: { near: { ...from, meters } } };
    const found = await records.data.list(places, { where, sort: ['-name'], limit: 30 });
    expect(found.map(({ name }) => name)).toEqual(expected);
  }
});

import fc from 'fast-check';
import { type SqlBool, sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nearestSelection } from '../../../testing/nearest-selection.ts';
import { type StoredRecords, storeRecords } from '../../../testing/store-records.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import type { Condition } from '../../define/condition.ts';
import type { GeoPoint } from '../../define/field.ts';
import { field } from '../../define/field-vocabulary.ts';
import type { Near } from '../../define/rules.ts';
import { centerValues } from './condition-shape.ts';
import { haversineOfMeters } from './geo-circle.ts';
import { coordinatesOf, haversineExpression } from './geo-sql.ts';
import { type Position, positionOf } from './list-order.ts';
import { RING_MAX } from './nearest-rings.ts';
import type { RecordModel } from './record-model.ts';
import { COMPARED_MAX } from './sparse-parts.ts';
import { bindTemplate, compileTemplate, Slot } from './statement-template.ts';

// `shelf` begins an index, `kind` does not; what few records have is found by other ways than what many have.
const places = collection({
  fields: {
    kind: field.int(),
    shelf: field.int(),
    far: field.int(),
    labels: field.list(field.text({ maxLength: 10 }), { maxItems: 2 }),
    at: field.geo().optional(),
  },
  indexes: [['shelf', '-createdAt'], ['far']],
});
// The corners of what is round: a city, both sides of the 180th meridian, the poles, where all is zero.
const MIDDLES: readonly GeoPoint[] = [
  { lat: 30.6, lng: 114.3 },
  { lat: 0, lng: 179.9995 },
  { lat: -17.7, lng: -179.99 },
  { lat: 89.9995, lng: 12 },
  { lat: -90, lng: 45 },
  { lat: 0, lng: 0 },
];
// More in the city than are looked through for what another index leads to.
const PLACES_IN_CITY = RING_MAX + 600;
const PLACES_ELSEWHERE = Math.ceil((COMPARED_MAX + 100) / 5);
const MOST_PAGES = 12;

let store: StoredRecords;
let model: RecordModel;

beforeAll(async () => {
  store = await storeRecords(defineApp({ collections: { places } }));
  [model] = store.records.models as [RecordModel];
  await store.records.data.transaction(async (tx) => {
    for (const [corner, middle] of MIDDLES.entries()) {
      const count = corner === 0 ? PLACES_IN_CITY : PLACES_ELSEWHERE;
      for (let index = 0; index < count; index += 1) {
        const number = corner + index;
        await tx.create(places, {
          ...{ kind: number % 7, shelf: number % 11 === 0 ? 1 : 2 },
          // What many records have, but none in the city.
          far: corner === 0 ? 1 : 2,
          labels: number % 3 === 0 ? ['open'] : [],
          at: around(middle, index, count),
        });
      }
    }
    await tx.create(places, { kind: 0, shelf: 1, far: 1, labels: [] });
  });
});
afterAll(async () => {
  await store.close();
});

/** Dense in the middle and thin outside, up to 160 km away; every fifth where the one before it is. */
function around({ lat, lng }: GeoPoint, index: number, count: number): GeoPoint {
  const step = index - (index % 5 === 1 ? 1 : 0);
  const degrees = 1.5 * (step / count) ** 3;
  return onEarth({ lat: lat + degrees * Math.sin(step), lng: lng + degrees * Math.cos(step) });
}

function onEarth({ lat, lng }: GeoPoint): GeoPoint {
  const wrapped = lng > 180 ? lng - 360 : lng < -180 ? lng + 360 : lng;
  return { lat: Math.min(90, Math.max(-90, lat)), lng: wrapped };
}

const OTHERS: readonly (Condition | undefined)[] = [
  undefined,
  { kind: 'compare', field: 'kind', comparator: '=', operand: 3 },
  { kind: 'compare', field: 'shelf', comparator: '=', operand: 1 },
  { kind: 'compare', field: 'shelf', comparator: '=', operand: 2 },
  { kind: 'in', field: 'shelf', operands: [1, 2, 5], negated: false },
  { kind: 'compare', field: 'far', comparator: '=', operand: 2 },
  { kind: 'has', field: 'labels', operand: 'open', negated: false },
];

/** By computing the distance of every record, no index in it. */
async function expectedIds({ meters, ...from }: Near, other: Condition | undefined): Promise<unknown[]> {
  const { dialect, query } = store.database;
  const place = coordinatesOf(dialect, sql.ref('at'), []);
  const distance = haversineExpression(place, [new Slot(0), new Slot(1), new Slot(2)]);
  const all = query
    .selectFrom('places')
    .select(['id', 'kind', 'shelf', 'far', 'labels'])
    .select(sql<number>`${distance}`.as('distance'))
    .where(sql<SqlBool>`${sql.ref('at')} is not null`);
  const rows = await store.database.all<Record<string, unknown> & { id: string; distance: number }>(
    bindTemplate(compileTemplate(all), centerValues(from)),
  );
  return rows
    .filter((row) => row.distance <= haversineOfMeters(meters) && fits(row, other))
    .toSorted((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}

function fits(row: Record<string, unknown>, other: Condition | undefined): boolean {
  if (other === undefined) return true;
  if (other.kind === 'compare') return row[other.field] === other.operand;
  if (other.kind === 'in') return other.operands.includes(row[other.field] as number);
  return String(row.labels).includes('open');
}

/** The ids of the first pages, and whether those are all there are. */
async function firstPages(circle: Near, other: Condition | undefined, limit: number) {
  const seen: unknown[] = [];
  let after: Position | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const selection = nearestSelection(model, circle, other, { after, limit });
    const { connection, store: records } = store.records.session;
    const rows = await records.lists.select(connection, model, selection);
    seen.push(...rows.map(([id]) => id));
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit) return { seen, isAll: true };
    after = positionOf(selection, last);
  }
  return { seen, isAll: false };
}

it('lists what a look at every record finds, in the same order, whatever else is asked', {
  timeout: 60_000,
}, async () => {
  const offset = fc.double({ min: -0.3, max: 0.3, noNaN: true });
  const circles = fc
    .record({
      middle: fc.constantFrom(...MIDDLES),
      offset: fc.oneof(fc.constant(0), offset),
      meters: fc.oneof(fc.constantFrom(1, 250, 100_000), fc.double({ min: 1, max: 100_000, noNaN: true })),
    })
    .map(({ middle, offset, meters }) => ({
      ...onEarth({ lat: middle.lat + offset, lng: middle.lng - offset }),
      meters,
    }));
  const others = fc.constantFrom(...OTHERS);
  const limits = fc.constantFrom(7, 60, 400);
  await fc.assert(
    fc.asyncProperty(circles, others, limits, async (circle, other, limit) => {
      const { seen, isAll } = await firstPages(circle, other, limit);
      const expected = await expectedIds(circle, other);
      expect(seen).toEqual(isAll ? expected : expected.slice(0, seen.length));
    }),
    { numRuns: 150 },
  );
});

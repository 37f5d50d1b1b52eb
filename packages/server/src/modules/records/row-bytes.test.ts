import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkValue, Issues } from '../../define/check-value.ts';
import type { Field } from '../../define/field.ts';
import { field } from '../../define/field-vocabulary.ts';
import { encodeValue } from './record-model.ts';
import { rowsWithin, widestValue } from './row-bytes.ts';

const word = field.text({ maxLength: 5 });
const text = fc.string({ unit: 'binary', maxLength: 5 });
const id = fc.stringMatching(/^[A-Za-z0-9_-]{64}$/);
const inside = fc.record({ word: text, tags: fc.array(text, { maxLength: 3 }), at: fc.constant(null) });

it.each<[string, Field, fc.Arbitrary<unknown>]>([
  ['text', word, text],
  [
    'a number',
    field.int({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
    fc.constantFrom(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  ],
  ['a choice', field.enum(['茶', '咖啡 ☕']), fc.constantFrom('茶', '咖啡 ☕')],
  ['a time', field.datetime(), fc.constant('2026-05-01T08:00:00.123Z')],
  [
    'a point',
    field.geo(),
    fc.record({
      lat: fc.double({ min: -90, max: 90, noNaN: true }),
      lng: fc.double({ min: -180, max: 180, noNaN: true }),
    }),
  ],
  ['users', field.users({ maxItems: 4 }), fc.uniqueArray(id, { maxLength: 4 })],
  ['a document', field.json({ maxBytes: 40 }), fc.json({ maxDepth: 2 }).map((json) => JSON.parse(json))],
  [
    'an object',
    field.object({ word, tags: field.list(word, { maxItems: 3 }), at: field.datetime().optional() }),
    inside,
  ],
])('no value of %s takes more than the most', (_, one, values) => {
  fc.assert(
    fc.property(values, (value) => {
      const issues = new Issues();
      const kept = checkValue(one.spec, value, '', issues);
      fc.pre(issues.isEmpty);
      expect(Buffer.byteLength(String(encodeValue(one, kept)))).toBeLessThanOrEqual(widestValue(one.spec));
    }),
  );
});

it.each<[number[], number]>([
  [[], 0],
  [[10], 1],
  [[11, 1], 1],
  [[4, 6, 1], 2],
  [[4, 5, 1], 3],
])('of rows that take %j, %i are within 10 bytes', (lengths, count) => {
  expect(
    rowsWithin(
      lengths.map((length) => ['id', length]),
      10,
    ),
  ).toBe(count);
});

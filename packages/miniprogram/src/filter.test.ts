import { field } from '@maque/server/define';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFilter } from '../../server/src/modules/collections/filter-parser.ts';
import type { WireScope } from '../../server/src/modules/collections/wire-scope.ts';
import { filter } from './filter.ts';

test('values are quoted by their kind', () => {
  const since = new Date('2026-11-20T04:00:00Z');
  expect(
    String(filter`name = ${'龙井'} and price_fen >= ${1000} and onSale = ${true} and createdAt > ${since}`),
  ).toBe('name = "龙井" and price_fen >= 1000 and onSale = true and createdAt > "2026-11-20T04:00:00.000Z"');
  expect(String(filter`deletedAt = ${null}`)).toBe('deletedAt = null');
  expect(String(filter`category in ${['tea', 'cup']}`)).toBe('category in ("tea", "cup")');
});

test('what a user typed stays a value', () => {
  expect(String(filter`name = ${'" or 1 = 1 or name = "'}`)).toBe('name = "\\" or 1 = 1 or name = \\""');
  expect(String(filter`name = ${'\\" or true'}`)).toBe('name = "\\\\\\" or true"');
});

test('a filter inside another keeps its meaning', () => {
  const cheapOrTea = filter`price_fen < ${500} or category = ${'tea'}`;
  expect(String(filter`stock > ${0} and ${cheapOrTea}`)).toBe(
    'stock > 0 and (price_fen < 500 or category = "tea")',
  );
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e21, 1e-7, undefined, {}])('%s is refused', (value) => {
  expect(() => filter`stock = ${value as number}`).toThrow(TypeError);
});

const scope: WireScope = {
  fields: {
    name: field.text({ minLength: 0, maxLength: 1_000 }),
    price_fen: field.money(),
    onSale: field.bool(),
    tags: field.list(field.text({ maxLength: 20 }), { maxItems: 5 }),
    at: field.geo(),
  },
  condition: { kind: 'all', parts: [] },
  behind: () => undefined,
};

test('the server reads each text as it was given, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(parseFilter(scope, String(filter`name = ${text}`))).toEqual({
        kind: 'compare',
        field: 'name',
        comparator: '=',
        operand: text,
      });
    }),
  );
});

test('the server reads numbers, booleans, lists and nesting as they were given', () => {
  fc.assert(
    fc.property(
      fc.nat(1e12),
      fc.boolean(),
      fc.array(fc.string({ maxLength: 20 }), { minLength: 1, maxLength: 5 }),
      (price_fen, onSale, names) => {
        const either = filter`name in ${names} or onSale = ${onSale}`;
        expect(parseFilter(scope, String(filter`price_fen <= ${price_fen} and ${either}`))).toEqual({
          kind: 'all',
          parts: [
            { kind: 'compare', field: 'price_fen', comparator: '<=', operand: price_fen },
            {
              kind: 'any',
              parts: [
                { kind: 'in', field: 'name', operands: names, negated: false },
                { kind: 'compare', field: 'onSale', comparator: '=', operand: onSale },
              ],
            },
          ],
        });
      },
    ),
  );
});

test('the server reads what several values have, and what is near', () => {
  const [lat, lng, meters] = [39.908, -116.397, 2_000];
  expect(parseFilter(scope, String(filter`tags has ${'"茶"'} and at near ${[lat, lng, meters]}`))).toEqual({
    kind: 'all',
    parts: [
      { kind: 'has', field: 'tags', operand: '"茶"', negated: false },
      { kind: 'near', field: 'at', near: { lat, lng, meters }, negated: false },
    ],
  });
});

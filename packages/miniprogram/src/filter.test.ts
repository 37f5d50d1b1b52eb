import { expect, test } from 'vitest';
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

test.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, {}])('%s is refused', (value) => {
  expect(() => filter`stock = ${value as number}`).toThrow(TypeError);
});

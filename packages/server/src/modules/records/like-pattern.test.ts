import fc from 'fast-check';
import { expect, it } from 'vitest';
import { likeMatches } from './like-pattern.ts';

it.each([
  ['%', '', true],
  ['%', '茶', true],
  ['', '', true],
  ['', 'x', false],
  ['tea', 'TEA', true],
  ['%tea%', 'green tea leaf', true],
  ['a%b', 'ab', true],
  ['a%a', 'a', false],
  ['a%b%c', 'a-c-b', false],
  ['_', 'x', false],
  ['é', 'É', false],
])('%j fits %j: %s', (pattern, text, fits) => {
  expect(likeMatches(pattern, text)).toBe(fits);
});

it('means what a regular expression of the same pattern means', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '%'), maxLength: 6 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A'), maxLength: 8 });
  fc.assert(
    fc.property(letters, text, (pattern, of) => {
      const same = new RegExp(`^${pattern.replaceAll('%', '.*')}$`, 'i');
      expect(likeMatches(pattern, of)).toBe(same.test(of));
    }),
  );
});

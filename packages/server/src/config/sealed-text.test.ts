import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { derivedKey, openSealedText, sealText } from './sealed-text.ts';

const key = randomBytes(32);

it('opens for its owner, with its key, unchanged, and for nobody else', () => {
  const sealed = sealText('十三800138000', 'ann', key);
  expect(openSealedText(sealed, 'ann', key)).toBe('十三800138000');
  expect(sealText('x', 'ann', key)).not.toBe(sealText('x', 'ann', key));
  expect(openSealedText(sealed, 'bob', key)).toBeUndefined();
  expect(openSealedText(sealed, 'ann', derivedKey(key, 'other'))).toBeUndefined();
  expect(openSealedText('', 'ann', key)).toBeUndefined();
  const bytes = Buffer.from(sealed, 'base64');
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  expect(openSealedText(bytes.toString('base64'), 'ann', key)).toBeUndefined();
});

it('gives each purpose a key of its own, the same each time', () => {
  expect(derivedKey(key, 'a')).toEqual(derivedKey(key, 'a'));
  expect(derivedKey(key, 'a')).not.toEqual(derivedKey(key, 'b'));
  expect(derivedKey(key, 'a')).toHaveLength(32);
});

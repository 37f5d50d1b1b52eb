import { describe, expect, it } from 'vitest';
import { base32Of } from './base32.ts';
import { stepOfCode, totpAddress, totpOf } from './totp.ts';

const secret = Buffer.from('12345678901234567890');

describe('a code', () => {
  // RFC 6238, appendix B: SHA-1, the last six of its eight digits.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at %i s is what the standard says', (seconds, code) => {
    expect(totpOf(secret, Math.floor(seconds / 30))).toBe(code);
    expect(stepOfCode(secret, code, seconds * 1000, 0)).toBe(Math.floor(seconds / 30));
  });

  it('is good for one step to either side, and once', () => {
    const [step, nowMs] = [50_000_000, 50_000_000 * 30_000];
    for (const [offset, isGood] of [
      [-2, false],
      [-1, true],
      [0, true],
      [1, true],
      [2, false],
    ] as const) {
      expect(stepOfCode(secret, totpOf(secret, step + offset), nowMs, 0) !== undefined).toBe(isGood);
    }
    expect(stepOfCode(secret, totpOf(secret, step), nowMs, step)).toBeUndefined();
    expect(stepOfCode(secret, totpOf(secret, step - 1), nowMs, step)).toBeUndefined();
    expect(stepOfCode(secret, totpOf(secret, step + 1), nowMs, step)).toBe(step + 1);
  });
});

it('spells secrets as authenticators read them', () => {
  // RFC 4648 §10, without padding.
  const spelled = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) =>
    base32Of(Buffer.from(text)),
  );
  expect(spelled).toEqual(['', 'MY', 'MZXQ', 'MZXW6', 'MZXW6YQ', 'MZXW6YTB', 'MZXW6YTBOI']);
  expect(totpAddress(secret, '店主')).toBe(
    'otpauth://totp/Maque:%E5%BA%97%E4%B8%BB?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Maque',
  );
});

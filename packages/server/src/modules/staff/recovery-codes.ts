import { createHmac, randomBytes } from 'node:crypto';

const CODES = 10;
/** Small letters and digits that nobody mistakes for another (Crockford): 50 bits in ten of them. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const HALF = 5;

/** What gets somebody in whose phone is gone: ten codes that work once each, such as `7k2mx-9fq0c`. */
export function newRecoveryCodes(): readonly string[] {
  return Array.from({ length: CODES }, () => {
    const text = Array.from(randomBytes(2 * HALF), (byte) => ALPHABET[byte & 31]).join('');
    return `${text.slice(0, HALF)}-${text.slice(HALF)}`;
  });
}

/** Keyed, so that the database alone cannot be searched for 50 bits. Case, spaces and dashes do not count. */
export function hashRecoveryCode(code: string, key: Buffer): string {
  const plain = code.toLowerCase().replaceAll(/[\s-]/g, '');
  return createHmac('sha256', key).update(plain).digest('base64url');
}

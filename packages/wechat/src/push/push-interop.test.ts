import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encryptPush } from './encrypt-push.ts';
import { PushCipher } from './push-cipher.ts';
import { signPush } from './push-signature.ts';

const CASES = { numRuns: 1_500 };

// The library reads keys as loosely as Node does; WeChat makes them of letters and digits.
const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'];
const textOf = (lengths: { readonly minLength: number; readonly maxLength: number }) =>
  fc.array(fc.constantFrom(...alphabet), lengths).map((letters) => letters.join(''));

const aesKey = textOf({ minLength: 43, maxLength: 43 });
const token = textOf({ minLength: 3, maxLength: 32 });
const appId = textOf({ minLength: 1, maxLength: 16 }).map((text) => `wx${text}`);
const timestamp = fc.integer({ min: 1_000_000_000, max: 9_999_999_999 }).map(String);
const nonce = textOf({ minLength: 1, maxLength: 16 });
const random = fc.uint8Array({ minLength: 16, maxLength: 16 });
// Whole characters of every kind, empty and long ones, so that each length of padding comes up.
const message = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.integer({ min: 0, max: 4_000 }).map((length) => 'x'.repeat(length)),
);

describe('@wecom/crypto', () => {
  it('reads what we encrypt, and agrees to the byte', () => {
    fc.assert(
      fc.property(aesKey, token, appId, timestamp, nonce, random, message, (encodingAesKey, ...others) => {
        const [token, appId, timestamp, nonce, random, message] = others;
        const sealed = encryptPush({ appId, token, encodingAesKey }, message, { timestamp, nonce, random });
        expect(decrypt(encodingAesKey, sealed.encrypt)).toMatchObject({ message, id: appId });
        expect(encrypt(encodingAesKey, message, appId, Buffer.from(random))).toBe(sealed.encrypt);
        expect(getSignature(token, timestamp, nonce, sealed.encrypt)).toBe(sealed.msgSignature);
      }),
      CASES,
    );
  });

  it('writes what we decrypt and verify', () => {
    fc.assert(
      fc.property(aesKey, token, appId, timestamp, nonce, message, (encodingAesKey, ...others) => {
        const [token, appId, timestamp, nonce, message] = others;
        const encrypted = encrypt(encodingAesKey, message, appId);
        expect(new PushCipher(appId, encodingAesKey).decrypt(encrypted).toString('utf8')).toBe(message);
        expect(signPush(token, timestamp, nonce, encrypted)).toBe(
          getSignature(token, timestamp, nonce, encrypted),
        );
      }),
      CASES,
    );
  });
});

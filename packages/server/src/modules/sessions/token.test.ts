import { createHmac, randomBytes } from 'node:crypto';
import { type CodedError, createManualClock, HOUR } from '@maque/kit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TokenSigner } from './token.ts';

const clock = createManualClock();
const key = randomBytes(32);
const signer = new TokenSigner(key, clock);
const claims = { sessionId: 's1', kind: 'user', ownerId: 'u1', expiresAtMs: clock.now() + HOUR } as const;
const token = signer.sign(claims);
const [header = '', payload = '', signature = ''] = token.split('.');

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const signed = (head: object, body: object, secret: Buffer | string = key, hash = 'sha256') => {
  const text = `${base64(head)}.${base64(body)}`;
  return `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`;
};
const codeOf = (text: string): string => {
  try {
    signer.verify(text);
    return 'accepted';
  } catch (error) {
    return (error as CodedError).code;
  }
};
const admin = { sid: 's1', sub: 'root', kind: 'admin', exp: 9_999_999_999 };

it('reads back what it signed', () => {
  expect(signer.verify(token)).toEqual(claims);
});

it('is a JWT that others can read', () => {
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'HS256', typ: 'JWT' });
  expect(signed({ alg: 'HS256', typ: 'JWT' }, JSON.parse(Buffer.from(payload, 'base64url').toString()))).toBe(
    token,
  );
});

it.each([
  ['alg none without a signature', `${base64({ alg: 'none', typ: 'JWT' })}.${base64(admin)}.`],
  [
    'alg none with the signature of another',
    `${base64({ alg: 'none', typ: 'JWT' })}.${payload}.${signature}`,
  ],
  ['another algorithm, rightly signed', signed({ alg: 'HS512', typ: 'JWT' }, admin, key, 'sha512')],
  ['another header, rightly signed', signed({ typ: 'JWT', alg: 'HS256' }, admin)],
  ['another key', signed({ alg: 'HS256', typ: 'JWT' }, admin, 'secret')],
  ['other claims under an old signature', `${header}.${base64(admin)}.${signature}`],
  ['no signature', `${header}.${payload}`],
  ['an empty signature', `${header}.${payload}.`],
  ['a signature with something behind it', `${token}A`],
  ['the padded form of the signature', `${token}=`],
  ['nothing', ''],
  ['a dot', '.'],
  ['endless text', `${header}.${'a'.repeat(100_000)}.${signature}`],
])('refuses %s', (_case, text) => {
  expect(codeOf(text)).toBe('TOKEN_INVALID');
});

it('refuses a token in which any character was changed', () => {
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.constantFrom(...'ABCxyz019_-.='), (index, char) => {
      if (token[index] === char) return;
      expect(codeOf(token.slice(0, index) + char + token.slice(index + 1))).toBe('TOKEN_INVALID');
    }),
  );
});

it('refuses a token whose time is over, as expired', () => {
  const brief = signer.sign({ ...claims, expiresAtMs: clock.now() + 5_000 });
  clock.advance(4_999);
  expect(codeOf(brief)).toBe('accepted');
  clock.advance(1);
  expect(codeOf(brief)).toBe('TOKEN_EXPIRED');
});

import { createPublicKey } from 'node:crypto';
import { createManualClock } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Aes, Formatter, Rsa } from 'wechatpay-axios-plugin';
import { createMovableClock } from '../movable-clock.ts';
import { AuthorizationCheck } from './check-authorization.ts';
import { PayKeyring } from './pay-keyring.ts';
import { sealResource } from './seal-resource.ts';
import { signMessage } from './sign-message.ts';

const clock = createMovableClock(createManualClock());
const keyring = new PayKeyring('1900000001', () => clock.told());
const { credentials } = keyring;
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.lorem());
const RUNS = { numRuns: 1_000 };

describe('beside wechatpay-axios-plugin', () => {
  it('accepts what that signs, and nothing that was changed', () => {
    const check = new AuthorizationCheck(keyring, clock);
    const timestamp = Math.floor(clock.told() / 1000);
    const path = fc.webPath().map((rest) => `/v3${rest}?a=${encodeURIComponent(rest)}`);
    fc.assert(
      fc.property(fc.constantFrom('GET', 'POST'), path, text, fc.boolean(), (method, url, body, changed) => {
        const nonce = Formatter.nonce();
        const signed = Formatter.request(method, url, timestamp, nonce, body);
        const signature = Rsa.sign(signed, credentials.privateKeyPem);
        const { mchId, serial } = credentials;
        const authorization = Formatter.authorization(mchId, nonce, signature, timestamp, serial);
        const sent = Buffer.from(changed ? `${body} ` : body);
        const run = () => check.check({ method, url, headers: { authorization }, body: sent });
        if (changed) expect(run).toThrow(/SIGN_ERROR/);
        else run();
      }),
      RUNS,
    );
  });

  it('signs what that verifies', () => {
    const publicKey = createPublicKey(credentials.publicKeyPem);
    fc.assert(
      fc.property(text, (body) => {
        const headers = signMessage(body, { ...keyring.publicKey, atMs: clock.told() });
        const { 'wechatpay-timestamp': timestamp, 'wechatpay-nonce': nonce } = headers;
        const covered = Formatter.response(timestamp, nonce, body);
        return (
          Rsa.verify(covered, headers['wechatpay-signature'], publicKey) &&
          !Rsa.verify(`${covered} `, headers['wechatpay-signature'], publicKey)
        );
      }),
      RUNS,
    );
  });

  it('encrypts what that decrypts', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('', 'transaction', 'refund', 'certificate'), (plain, aad) => {
        const sealed = sealResource(credentials.apiV3Key, plain, aad);
        return Aes.AesGcm.decrypt(sealed.ciphertext, credentials.apiV3Key, sealed.nonce, aad) === plain;
      }),
      RUNS,
    );
  });
});

import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readApiV3Key } from './keys/read-keys.ts';
import { openResource, readResource } from './signature/open-resource.ts';
import { authorization, paymentText, requestText, SIGNATURE_TYPE, signText } from './signature/sign.ts';
import { disbelieve, messageText } from './signature/verify.ts';
import {
  isMerchants,
  MCH_ID,
  MERCHANT_SERIAL,
  merchant,
  PUBLIC_KEY_ID,
  platform,
  seal,
} from './with-pay-server.fixture.ts';

/** The parts of the independent library that are compared with: its types name none of them exactly. */
interface Plugin {
  readonly Rsa: {
    sign(text: string, key: unknown): string;
    verify(text: string, signature: string, key: unknown): boolean;
  };
  readonly Aes: {
    readonly AesGcm: {
      encrypt(plain: string, key: string, iv: string, aad?: string): string;
      decrypt(ciphertext: string, key: string, iv: string, aad?: string): string;
    };
  };
  readonly Formatter: {
    request(method: string, uri: string, timestamp: string, nonce: string, body?: string): string;
    response(timestamp: string, nonce: string, body?: string): string;
    joinedByLineFeed(...parts: readonly string[]): string;
    authorization(mchId: string, nonce: string, signature: string, timestamp: string, serial: string): string;
  };
}

const { Rsa, Aes, Formatter } = createRequire(import.meta.url)('wechatpay-axios-plugin') as Plugin;

const RUNS = { numRuns: 1000 };

const text = fc.string({ unit: 'grapheme', maxLength: 300 }).map((value) => value.toWellFormed());
const nonce = fc.stringMatching(/^[0-9A-Za-z]{1,32}$/);
const nowMs = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000);
const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE');
const path = fc.webPath().map((value) => `/v3${value}?q=%E9%BA%BB`);
const key32 = fc.stringMatching(/^[!-~]{32}$/);
const nonce12 = fc.stringMatching(/^[0-9A-Za-z]{12}$/);

describe('beside wechatpay-axios-plugin, over 1,000 random cases each', () => {
  it('it accepts what we sign', () => {
    fc.assert(
      fc.property(method, path, nowMs, nonce, text, (verb, pathAndQuery, at, once, body) => {
        const timestamp = String(at / 1000);
        const ours = requestText({ method: verb, pathAndQuery, timestamp, nonce: once, body });
        const theirs = Formatter.request(verb, pathAndQuery, timestamp, once, body);
        expect(ours).toBe(theirs);
        expect(Rsa.verify(theirs, signText(ours, merchant.privateKey), merchant.publicKey)).toBe(true);
      }),
      RUNS,
    );
  });

  it('it accepts what we let the mini-program pay with', () => {
    fc.assert(
      fc.property(nonce, nowMs, nonce, nonce, (appId, at, once, prepayId) => {
        const payment = {
          appId,
          timestamp: String(at / 1000),
          nonce: once,
          package: `prepay_id=${prepayId}`,
        };
        const theirs = Formatter.joinedByLineFeed(appId, payment.timestamp, once, payment.package);
        const paySign = signText(paymentText(payment), merchant.privateKey);
        expect(Rsa.verify(theirs, paySign, merchant.publicKey)).toBe(true);
      }),
      RUNS,
    );
  });

  it('we believe what it signs, and nothing that was changed after', async () => {
    await fc.assert(
      fc.asyncProperty(nowMs, nonce, text, fc.nat(), async (at, once, body, where) => {
        const timestamp = String(at / 1000);
        const bytes = Buffer.from(body);
        const theirs = Formatter.response(timestamp, once, body);
        expect(messageText(timestamp, once, bytes).toString('utf8')).toBe(theirs);
        const headers: Record<string, string> = {
          'wechatpay-timestamp': timestamp,
          'wechatpay-nonce': once,
          'wechatpay-serial': PUBLIC_KEY_ID,
          'wechatpay-signature': Rsa.sign(theirs, platform.privateKey),
          'wechatpay-signature-type': SIGNATURE_TYPE,
        };
        const header = (name: string) => headers[name];
        const findKey = async () => platform.publicKey;
        expect(await disbelieve({ header, body: bytes }, at, findKey)).toBeUndefined();
        if (bytes.length === 0) return;
        const changed = Buffer.from(bytes);
        changed[where % changed.length] = (changed[where % changed.length] ?? 0) ^ 1;
        expect(await disbelieve({ header, body: changed }, at, findKey)).toHaveProperty('reason', 'mismatch');
      }),
      RUNS,
    );
  });

  it('our Authorization holds what its own does, and either is accepted', () => {
    const signer = { mchId: MCH_ID, serial: MERCHANT_SERIAL, key: merchant.privateKey };
    fc.assert(
      fc.property(method, path, nowMs, nonce, text, (verb, url, at, once, body) => {
        const timestamp = String(at / 1000);
        const ours = authorization({ method: verb, pathAndQuery: url, timestamp, nonce: once, body }, signer);
        const signature = Rsa.sign(Formatter.request(verb, url, timestamp, once, body), merchant.privateKey);
        const theirs = Formatter.authorization(MCH_ID, once, signature, timestamp, MERCHANT_SERIAL);
        for (const header of [ours, theirs]) {
          expect(isMerchants({ method: verb, url, headers: { authorization: header }, body }, at)).toBe(true);
        }
        // PKCS#1 v1.5 leaves nothing to chance: the same fields, the same signature.
        const fieldsOf = (header: string) => header.replace(/^\S+ /, '').split(',').toSorted();
        expect(fieldsOf(ours)).toEqual(fieldsOf(theirs));
      }),
      RUNS,
    );
  });

  it('we open what it encrypts', () => {
    fc.assert(
      fc.property(text, key32, nonce12, text, (plain, key, iv, aad) => {
        const ciphertext = Aes.AesGcm.encrypt(plain, key, iv, aad);
        const value = { algorithm: 'AEAD_AES_256_GCM', ciphertext, nonce: iv, associated_data: aad };
        const resource = readResource(value);
        expect(resource && openResource(resource, readApiV3Key(key))).toBe(plain);
      }),
      RUNS,
    );
  });

  it('it opens what our tests encrypt', () => {
    fc.assert(
      fc.property(text, key32, nonce12, text, (plain, key, iv, aad) => {
        const { ciphertext } = seal(plain, aad, key, iv);
        expect(Aes.AesGcm.decrypt(ciphertext, key, iv, aad)).toBe(plain);
      }),
      RUNS,
    );
  });
});

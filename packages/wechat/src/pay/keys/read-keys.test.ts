import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { CodedError, createManualClock } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import {
  API_V3_KEY,
  createCertificate,
  merchant,
  merchantKeyPem,
  platform,
  publicKeyPem,
  servePay,
} from '../with-pay-server.fixture.ts';
import { readApiV3Key, readMerchantKey, readPlatformPublicKey } from './read-keys.ts';

const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const certificate = createCertificate('5157F09EFDC096DE15EBE81A47057A7232F1B8E1', createManualClock()).pem;
const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
const spki = { type: 'spki', format: 'pem' } as const;

function codeOf(read: () => unknown): string {
  try {
    read();
    return 'read';
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    expect(inspect(error, { showHidden: true })).not.toMatch(/MII[A-Za-z0-9+/]{20}/);
    return error.code;
  }
}

describe("the merchant's key", () => {
  it.each([
    ['apiclient_key.pem', merchantKeyPem, 'read'],
    ['the older form of it', String(merchant.privateKey.export({ type: 'pkcs1', format: 'pem' })), 'read'],
    ['a key that is read already', merchant.privateKey, 'read'],
    ['the certificate beside it', certificate, 'WECHAT_PAY_KEY_NOT_PRIVATE'],
    ['a public key', publicKeyPem, 'WECHAT_PAY_KEY_NOT_PRIVATE'],
    ['a public key that is read already', platform.publicKey, 'WECHAT_PAY_KEY_NOT_PRIVATE'],
    ['half of the file', merchantKeyPem.slice(0, 500), 'WECHAT_PAY_KEY_UNREADABLE'],
    ['its name', '/etc/maque/apiclient_key.pem', 'WECHAT_PAY_KEY_UNREADABLE'],
    ['nothing', '', 'WECHAT_PAY_KEY_UNREADABLE'],
    ['1024 bits', String(short.privateKey.export(pkcs8)), 'WECHAT_PAY_KEY_TOO_SHORT'],
    ['another kind of key', String(curve.privateKey.export(pkcs8)), 'WECHAT_PAY_KEY_TOO_SHORT'],
  ])('is expected, not %s: %s', (_, key, code) => {
    expect(codeOf(() => readMerchantKey(key))).toBe(code);
  });
});

describe("WeChat Pay's public key", () => {
  it.each([
    ['pub_key.pem', publicKeyPem, 'read'],
    ['a key that is read already', platform.publicKey, 'read'],
    ["the merchant's private key", merchantKeyPem, 'WECHAT_PAY_PUBLIC_KEY_WRONG_FILE'],
    ['a private key that is read already', merchant.privateKey, 'WECHAT_PAY_PUBLIC_KEY_WRONG_FILE'],
    ["the merchant's certificate", certificate, 'WECHAT_PAY_PUBLIC_KEY_WRONG_FILE'],
    ['half of the file', publicKeyPem.slice(0, 200), 'WECHAT_PAY_PUBLIC_KEY_UNREADABLE'],
    ['another kind of key', String(curve.publicKey.export(spki)), 'WECHAT_PAY_KEY_TOO_SHORT'],
  ])('is expected, not %s', (_, key, code) => {
    expect(codeOf(() => readPlatformPublicKey(key))).toBe(code);
  });
});

describe('the APIv3 key', () => {
  it.each([
    [API_V3_KEY, 'read'],
    [API_V3_KEY.slice(1), 'WECHAT_PAY_API_V3_KEY_WRONG'],
    [`${API_V3_KEY}\n`, 'WECHAT_PAY_API_V3_KEY_WRONG'],
    ['麻'.repeat(32), 'WECHAT_PAY_API_V3_KEY_WRONG'],
  ])('%j: %s', (key, code) => {
    expect(codeOf(() => readApiV3Key(key))).toBe(code);
  });

  it('is not shown by what holds it', () => {
    expect(inspect(readApiV3Key(API_V3_KEY), { depth: 9, showHidden: true })).not.toContain(API_V3_KEY);
  });
});

describe('a client', () => {
  it.each([
    ['appId', { appId: 'wx 1' }],
    ['mchId', { mchId: 'wxd678efh567hg6787' }],
    ['merchantSerial', { merchantSerial: 'PUB_KEY_ID_1' }],
    ['notifyUrl', { notifyUrl: 'http://shop.example.com/notify' }],
    ['baseUrl', { baseUrl: 'http://api.mch.weixin.qq.com' }],
    ['publicKeys', { publicKeys: { '1DDE55AD': publicKeyPem } }],
  ])('is not made with a wrong %s, and does not quote it', async (name, options) => {
    await using pay = await servePay(() => ({}));
    const make = () => pay.createClient(options);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(name);
    const [value] = Object.values(options);
    expect(make).not.toThrow(typeof value === 'string' ? value : '1DDE55AD');
  });
});

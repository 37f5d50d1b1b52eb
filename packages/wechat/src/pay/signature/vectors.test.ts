import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readApiV3Key } from '../keys/read-keys.ts';
import { openResource, readResource } from './open-resource.ts';
import { paymentText, requestText } from './sign.ts';
import { messageText } from './verify.ts';

const sha256 = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');

const BODY =
  '{"appid":"wxd678efh567hg6787","mchid":"1230000109","description":"demo","out_trade_no":"demo_20260101_000001","notify_url":"https://www.example.com/pay/notify","amount":{"total":1,"currency":"CNY"},"payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}}';
const TIMESTAMP = '1554208460';
const NONCE = '593BEC0C930BF1AFEB40B4A08C8FB242';

// Made with an independent library, so that they do not share our mistakes.
describe('the texts that are signed, to the byte', () => {
  it('a prepayment', () => {
    const pathAndQuery = '/v3/pay/transactions/jsapi';
    const text = requestText({
      method: 'POST',
      pathAndQuery,
      timestamp: TIMESTAMP,
      nonce: NONCE,
      body: BODY,
    });
    expect(Buffer.byteLength(BODY)).toBe(248);
    expect(Buffer.byteLength(text)).toBe(325);
    expect(sha256(text)).toBe('0e907baadfc32088ebf69bbffd5b046e8a731966789b876dcecc121a7ce33efc');
  });

  it('a query', () => {
    const pathAndQuery = '/v3/pay/transactions/out-trade-no/demo_20260101_000001?mchid=1230000109';
    const text = requestText({ method: 'GET', pathAndQuery, timestamp: TIMESTAMP, nonce: NONCE, body: '' });
    expect(Buffer.byteLength(text)).toBe(121);
    expect(sha256(text)).toBe('8b496c1ee22829bd1df1f636935e887084a23dc1a1ca9a150276900d267cd837');
  });

  it('the parameters of a payment', () => {
    const text = paymentText({
      appId: 'wx2421b1c4370ec43b',
      timestamp: TIMESTAMP,
      nonce: NONCE,
      package: 'prepay_id=wx201410272009395522657a690389285100',
    });
    expect(Buffer.byteLength(text)).toBe(110);
    expect(sha256(text)).toBe('bf5c0eab11b7710ea376aaa5038ad079fb8175af60d6cbf676fa3bcc4d218bcb');
  });

  it('an answer or a notification', () => {
    const text = messageText('1554209980', 'c5ac7061fccab6bf3e254dcf98995b8c', Buffer.from('{"a":1}'));
    expect(text.byteLength).toBe(52);
    expect(sha256(text)).toBe('e3ac179a4c19b49ece64d929558e5aeed04db417078dbbb462cbaed698c76f02');
  });
});

const RESOURCE = {
  algorithm: 'AEAD_AES_256_GCM',
  nonce: 'abcdefghijkl',
  associated_data: 'transaction',
  ciphertext:
    'Eu6k3KOMCfFZPsMjOaloD2wAiyabrE06bs5X+PBm7J0UrJbLFjGUy39Mp8hppbDlqXeQltQrAqSqjS4pyfLmKu7Jq6mfnQkSN2kxXhlZ1AylxdtEmK8WK/1zBKBA0QlU0vua1Zf3I2qC9UqrSIBQnzuKzG4bYEFIyRSmY4l8fTrhKAY9Oc9fluJA83ifYb234I1Xmej6f1yXtoiYiMs4DoqeWeNZzJm2ni43elblw3b6B0JXsLL33E6C1ba0JNPuiXMnEOB0D4903+K6HAfU1v9NVYWEp+IAQLA75oOCrwGIdlBYaD5GCwKybU+h57aMN1oQGJ3rQKK24xuER29//bpsneHOv36+FnSRqjv6wa3QsDHa9t37lEaAnTYF7Yppd6Q9QfWSmnHPL2rgLUE+iCkObKv465tnHa9eldJMqUv/lay5qRIqt1bwGdbM0wSS9hvQqQATMQ1BjtrggKI4+H6HSJuNSXhpuUu13+W9qewxWKBOIPI0KvOGsbKY61CnOGLf03TwtlH936d1mv93VVNwW+4zzhE7Sh2BnUcG5KbVn/+SztjhFa8=',
};
const PLAIN =
  '{"mchid":"1230000109","appid":"wxd678efh567hg6787","out_trade_no":"demo_20260101_000001","transaction_id":"4200000000202601010000000001","trade_type":"JSAPI","trade_state":"SUCCESS","trade_state_desc":"OK","bank_type":"OTHERS","attach":"","success_time":"2026-01-01T00:00:05+08:00","payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},"amount":{"total":1,"payer_total":1,"currency":"CNY","payer_currency":"CNY"}}';

describe('an encrypted resource', () => {
  const key = readApiV3Key('0123456789abcdef0123456789abcdef');
  const open = (change: object, withKey = key) => {
    const resource = readResource({ ...RESOURCE, ...change });
    return resource === undefined ? 'not read' : openResource(resource, withKey);
  };

  it('is opened to the byte', () => {
    expect(open({})).toBe(PLAIN);
  });

  it.each([
    ['another key', {}, readApiV3Key('0123456789abcdef0123456789abcdeF'), undefined],
    ['another nonce', { nonce: 'abcdefghijkm' }, key, undefined],
    ['a nonce of no length', { nonce: '' }, key, undefined],
    ['a nonce of any length', { nonce: 'x'.repeat(4096) }, key, undefined],
    ['other associated data', { associated_data: '' }, key, undefined],
    ['absent associated data', { associated_data: undefined }, key, undefined],
    ['a changed byte', { ciphertext: RESOURCE.ciphertext.replace('Eu6', 'Eu7') }, key, undefined],
    ['a shorter tag', { ciphertext: RESOURCE.ciphertext.slice(0, -8) }, key, undefined],
    ['less than a tag', { ciphertext: 'AAAA' }, key, undefined],
    ['another algorithm', { algorithm: 'AEAD_AES_128_CBC' }, key, 'not read'],
    ['no algorithm', { algorithm: undefined }, key, 'not read'],
    ['a number for a text', { nonce: 7 }, key, 'not read'],
  ])('with %s stays shut', (_, change, withKey, expected) => {
    expect(open(change, withKey)).toBe(expected);
  });

  it.each([undefined, null, 7, 'text', []])('is not read from %j', (value) => {
    expect(readResource(value)).toBeUndefined();
  });
});

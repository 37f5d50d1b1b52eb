import { describe, expect, it } from 'vitest';
import { cosFormFields } from '../cos-dialect.ts';
import { createObjectStore } from '../create-object-store.ts';
import { createOssDialect } from '../oss-dialect.ts';
import { createS3Dialect } from '../s3-dialect.ts';
import { signCos, signCosPolicy } from './cos-signature.ts';
import { S3_V4, signV4, signV4Text, UNSIGNED_PAYLOAD, v4CanonicalRequest } from './signature-v4.ts';

const START = Date.UTC(2026, 0, 1);
const MINUTES_15 = 15 * 60_000;

describe('Tencent COS', () => {
  const account = {
    bucket: 'examplebucket-1250000000',
    region: 'ap-guangzhou',
    keyId: 'AKIDEXAMPLE',
    keySecret: 'SECRETEXAMPLE',
  };
  const keyTime = '1767225600;1767226500';
  const host = 'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com';

  it('signs the policy of a form', () => {
    const request = { keyPrefix: 'u/42/', maxBytes: 10_485_760, expiresInMs: MINUTES_15 };
    const fields = cosFormFields(account, request, START, keyTime);
    expect(Buffer.from(fields.policy ?? '', 'base64').toString()).toBe(
      '{"expiration":"2026-01-01T00:15:00.000Z","conditions":[{"q-sign-algorithm":"sha1"},{"q-ak":"AKIDEXAMPLE"},{"q-sign-time":"1767225600;1767226500"},{"bucket":"examplebucket-1250000000"},["starts-with","$key","u/42/"],["content-length-range",1,10485760]]}',
    );
    expect(fields['q-signature']).toBe('277f4f88cd2758e871756f777c6dc0c203cdf689');
    expect(signCosPolicy('another', account.keySecret, keyTime)).not.toBe(fields['q-signature']);
  });

  it('signs a HEAD of a name in Chinese with a space', () => {
    const request = { method: 'HEAD', path: '/u/42/头像 1.jpg', query: {}, headers: { host } };
    expect(signCos(request, account.keySecret, keyTime)).toEqual({
      headerList: 'host',
      paramList: '',
      signature: 'de5776b22731b69325acda6a6150ffda43f2c9c9',
    });
  });

  it('signs a GET with parameters, one of them without a value', () => {
    const query = { 'imageMogr2/thumbnail/200x': '', 'response-content-type': 'image/jpeg' };
    const request = { method: 'GET', path: '/u/42/a.jpg', query, headers: { host } };
    expect(signCos(request, account.keySecret, keyTime)).toEqual({
      headerList: 'host',
      paramList: 'imagemogr2%2fthumbnail%2f200x;response-content-type',
      signature: '7efbcd96ebcb89822ef8e10b5f4f22099d935fc4',
    });
  });
});

describe('Aliyun OSS, version 4', () => {
  const account = {
    bucket: 'examplebucket',
    region: 'cn-hangzhou',
    keyId: 'LTAIEXAMPLE',
    keySecret: 'OSSSECRETEXAMPLE',
  };
  const dialect = createOssDialect(account);

  it('signs the policy of a form', () => {
    const { url, fields } = dialect.form(
      { keyPrefix: 'u/42/', maxBytes: 10_485_760, expiresInMs: MINUTES_15 },
      START,
    );
    expect(url).toBe('https://examplebucket.oss-cn-hangzhou.aliyuncs.com/');
    expect(Buffer.from(fields.policy ?? '', 'base64').toString()).toBe(
      '{"expiration":"2026-01-01T00:15:00.000Z","conditions":[{"bucket":"examplebucket"},{"x-oss-signature-version":"OSS4-HMAC-SHA256"},{"x-oss-credential":"LTAIEXAMPLE/20260101/cn-hangzhou/oss/aliyun_v4_request"},{"x-oss-date":"20260101T000000Z"},["starts-with","$key","u/42/"],["content-length-range",1,10485760]]}',
    );
    expect(fields['x-oss-signature']).toBe(
      '722b35900440b87c04e1ba51a81fd9a5a8f159377108655a915ec3ff5e35e952',
    );
  });

  it('signs a HEAD by header', () => {
    const { url, headers } = dialect.signed({ method: 'HEAD', key: 'u/42/a b.jpg', headers: {} }, START);
    expect(url).toBe('https://examplebucket.oss-cn-hangzhou.aliyuncs.com/u/42/a%20b.jpg');
    expect(headers).toEqual({
      'x-oss-date': '20260101T000000Z',
      'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
      authorization:
        'OSS4-HMAC-SHA256 Credential=LTAIEXAMPLE/20260101/cn-hangzhou/oss/aliyun_v4_request,Signature=3b070f259b565ef7674412468c47a368480162580dfd3eaeb018b610598499b4',
    });
  });

  it('signs a link', () => {
    const link = dialect.link({ key: 'u/42/a b.jpg', query: {}, signedAtMs: START, expiresInMs: 600_000 });
    expect(new URL(link).searchParams.get('x-oss-expires')).toBe('600');
    expect(new URL(link).searchParams.get('x-oss-signature')).toBe(
      '95ca76a36975173f12aeb2a1f25d8a60e5d6b41ce123d9535e5d56c71173f730',
    );
  });

  it('takes the region as addresses have it, too', () => {
    const other = createOssDialect({ ...account, region: 'oss-cn-hangzhou' });
    const request = { method: 'HEAD', key: 'a', headers: {} } as const;
    expect(other.signed(request, START)).toEqual(dialect.signed(request, START));
  });
});

/**
 * The examples of the Amazon S3 API reference: "Signature Calculations for the Authorization Header: Transferring
 * Payload in a Single Chunk", "Authenticating Requests: Using Query Parameters" and "Example: Browser-Based Upload
 * using HTTP POST" (docs.aws.amazon.com/AmazonS3/latest/API/sigv4-*.html).
 */
describe('S3, Signature Version 4', () => {
  const keySecret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  const key = { flavor: S3_V4, region: 'us-east-1', keySecret };
  const host = 'examplebucket.s3.amazonaws.com';
  const date = '20130524T000000Z';
  const nothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const welcome = '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072';

  it.each([
    {
      name: 'GET object',
      request: { method: 'GET', path: '/test.txt', query: {}, headers: { range: 'bytes=0-9' } },
      payload: nothing,
      signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    },
    {
      name: 'PUT object',
      request: {
        method: 'PUT',
        path: '/test$file.text',
        query: {},
        headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      },
      payload: welcome,
      signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    },
    {
      name: 'GET bucket lifecycle',
      request: { method: 'GET', path: '/', query: { lifecycle: '' }, headers: {} },
      payload: nothing,
      signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    },
    {
      name: 'list objects',
      request: { method: 'GET', path: '/', query: { 'max-keys': '2', prefix: 'J' }, headers: {} },
      payload: nothing,
      signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    },
  ])('signs as AWS does: $name', ({ request, payload, signature }) => {
    const headers = { ...request.headers, host, 'x-amz-content-sha256': payload, 'x-amz-date': date };
    const canonical = v4CanonicalRequest(S3_V4, { ...request, headers }, payload);
    expect(signV4(key, date, canonical)).toBe(signature);
  });

  it('signs the query of a link as AWS does', () => {
    const query = {
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request',
      'X-Amz-Date': date,
      'X-Amz-Expires': '86400',
      'X-Amz-SignedHeaders': 'host',
    };
    const request = { method: 'GET', path: '/test.txt', query, headers: { host } };
    const canonical = v4CanonicalRequest(S3_V4, request, UNSIGNED_PAYLOAD);
    expect(signV4(key, date, canonical)).toBe(
      'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    );
  });

  it('signs the policy of a form as AWS does', () => {
    const policy = [
      '{ "expiration": "2015-12-30T12:00:00.000Z",',
      '  "conditions": [',
      '    {"bucket": "sigv4examplebucket"},',
      '    ["starts-with", "$key", "user/user1/"],',
      '    {"acl": "public-read"},',
      '    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},',
      '    ["starts-with", "$Content-Type", "image/"],',
      '    {"x-amz-meta-uuid": "14365123651274"},',
      '    {"x-amz-server-side-encryption": "AES256"},',
      '    ["starts-with", "$x-amz-meta-tag", ""],',
      '',
      '    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},',
      '    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},',
      '    {"x-amz-date": "20151229T000000Z" }',
      '  ]',
      '}',
    ].join('\r\n');
    const text = Buffer.from(policy).toString('base64');
    expect(signV4Text(key, '20151229T000000Z', text)).toBe(
      '8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e',
    );
  });

  it('has the bucket in the host at AWS, also in China, and in the path elsewhere', () => {
    const account = { bucket: 'shop', region: 'us-east-1', keyId: 'id', keySecret };
    const urlOf = (changes: object) =>
      createS3Dialect({ ...account, ...changes }).signed({ method: 'GET', key: 'a b', headers: {} }, START)
        .url;
    expect(urlOf({})).toBe('https://shop.s3.us-east-1.amazonaws.com/a%20b');
    expect(urlOf({ region: 'cn-north-1' })).toBe('https://shop.s3.cn-north-1.amazonaws.com.cn/a%20b');
    expect(urlOf({ endpoint: 'http://10.0.0.9:9000' })).toBe('http://10.0.0.9:9000/shop/a%20b');
  });
});

describe('what cannot be', () => {
  const options = {
    kind: 'cos',
    bucket: 'b-1250000000',
    region: 'ap-guangzhou',
    keyId: 'id',
    keySecret: 'sssecret',
    clock: { now: () => START, monotonic: () => 0 },
    fetch: () => Promise.reject(new Error('nothing is sent')),
  } as const;

  it.each(['', '/a', 'a//b', 'a/', './a', 'a/../b', 'a\\b', 'a\nb', '\ud800', '茶'.repeat(284)])(
    'no key is %j',
    async (key) => {
      const store = createObjectStore(options);
      const refused = expect.objectContaining({ code: 'STORE_KEY_INVALID', status: 400 });
      await expect(store.head(key)).rejects.toEqual(refused);
      await expect(store.copy(key, 'b', { contentType: 'text/plain' })).rejects.toEqual(refused);
      expect(() => store.signedUrl(key, { expiresInMs: 1 })).toThrow(refused);
      expect(() => store.postForm({ key, maxBytes: 1, expiresInMs: 1 })).toThrow(refused);
    },
  );

  it.each([
    { bucket: 'a/b' },
    { region: 'ap-guangzhou.evil.com' },
    { endpoint: 'https://files.example.com/folder' },
    { endpoint: 'ftp://files.example.com' },
    { endpoint: 'https://user:password@files.example.com' },
    { keySecret: '' },
  ])('no account is %j', (changes) => {
    expect(() => createObjectStore({ ...options, ...changes })).toThrow(TypeError);
    expect(() => createObjectStore({ ...options, ...changes })).not.toThrow(/sssecret/);
  });

  it('only OSS calls back', () => {
    const callback = { url: 'https://shop.example.com/', body: 'a' };
    for (const kind of ['cos', 's3'] as const) {
      const store = createObjectStore({ ...options, kind });
      expect(() => store.postForm({ key: 'a', maxBytes: 1, expiresInMs: 1, callback })).toThrow(TypeError);
    }
  });
});

import { createRequire } from 'node:module';
import { systemClock } from '@maque/kit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkV4Form, checkV4Signature } from '../simulator/object-store/check-v4-signature.ts';
import { createObjectStoreSimulator } from '../simulator/object-store/index.ts';
import { createObjectStore } from './create-object-store.ts';
import { arriving, keys, methods, queries, secrets } from './interop.fixture.ts';
import { OSS_V4, signV4, UNSIGNED_PAYLOAD, v4CanonicalRequest } from './signing/signature-v4.ts';

/** What is used of Aliyun's own SDK, version 6, which has no types. */
interface OssClient {
  signatureUrlV4(method: string, seconds: number, request: object, key: string): Promise<string>;
  signPostObjectPolicyV4(policy: string, date: Date): string;
  put(key: string, content: Buffer, options: object): Promise<unknown>;
  get(key: string, options?: object): Promise<{ content: Buffer }>;
  head(key: string): Promise<{ res: { headers: Record<string, string> } }>;
  copy(to: string, from: string): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}
interface SignUtils {
  authorizationV4(...request: [string, string, string, string, object, string, string, string[]]): string;
}
const require = createRequire(import.meta.url);
const OSS = require('ali-oss') as new (options: object) => OssClient;
const signUtils = require('ali-oss/lib/common/signUtils') as SignUtils;

const RUNS = { numRuns: 1_000 };
const account = { kind: 'oss', bucket: 'shop', region: 'cn-hangzhou', keyId: 'LTAIinterop' } as const;
const metadata = fc.dictionary(
  fc.stringMatching(/^x-oss-meta-[a-z]{1,8}$/),
  fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/),
  { maxKeys: 3, noNullPrototype: true },
);
const filled = (query: Record<string, string>) =>
  // The SDK knows names without a value as null.
  Object.fromEntries(Object.entries(query).map(([name, value]) => [name, value === '' ? null : value]));
const clientWith = (keySecret: string, more: object = {}) =>
  new OSS({
    ...{ bucket: account.bucket, region: 'oss-cn-hangzhou', accessKeyId: account.keyId },
    ...{ accessKeySecret: keySecret, authorizationV4: true, secure: true, ...more },
  });

it('signs requests as the SDK does', () => {
  const property = fc.property(
    methods,
    keys,
    queries,
    metadata,
    secrets,
    (method, key, query, meta, keySecret) => {
      const date = '20260101T000000Z';
      const headers = { ...meta, 'x-oss-date': date, 'x-oss-content-sha256': UNSIGNED_PAYLOAD };
      const told = signUtils.authorizationV4(
        ...[account.keyId, keySecret, account.region, method, { headers, queries: filled(query) }],
        ...([account.bucket, key, [] as string[]] as const),
      );
      const signable = { method, path: `/${account.bucket}/${key}`, query, headers };
      const canonical = v4CanonicalRequest(OSS_V4, signable, UNSIGNED_PAYLOAD);
      const signature = signV4({ flavor: OSS_V4, region: account.region, keySecret }, date, canonical);
      expect(told.endsWith(`Signature=${signature}`)).toBe(true);
      const request = { ...signable, path: `/${key}`, headers: { ...headers, authorization: told } };
      const check = (path: string) =>
        checkV4Signature(request, path, 'oss', { ...account, keySecret }, Date.UTC(2026, 0, 1));
      check(signable.path);
      expect(() => check(`${signable.path}x`)).toThrow(/does not match/);
    },
  );
  fc.assert(property, RUNS);
});

it('takes the links of the SDK', async () => {
  const client = clientWith('a-secret');
  const property = fc.asyncProperty(keys, queries, async (key, queries) => {
    const present = Object.fromEntries(Object.entries(queries).filter(([, value]) => value !== ''));
    const link = await client.signatureUrlV4('GET', 60, { queries: present }, key);
    const request = arriving(link);
    checkV4Signature(request, `/shop/${key}`, 'oss', { ...account, keySecret: 'a-secret' }, Date.now());
  });
  await fc.assert(property, RUNS);
});

it('makes links that the SDK would have made', () => {
  const property = fc.property(keys, queries, secrets, (key, query, keySecret) => {
    const store = createObjectStore({ ...account, keySecret, clock: systemClock, fetch });
    const url = new URL(store.signedUrl(key, { expiresInMs: 60_000, query }));
    const { 'x-oss-signature': signature, ...signed } = Object.fromEntries(url.searchParams);
    const told = signUtils.authorizationV4(
      ...[account.keyId, keySecret, account.region, 'GET', { headers: {}, queries: filled(signed) }],
      ...([account.bucket, key, [] as string[]] as const),
    );
    expect(told.endsWith(`Signature=${signature}`)).toBe(true);
    expect(decodeURIComponent(url.pathname)).toBe(`/${key}`);
  });
  fc.assert(property, RUNS);
});

it('signs forms as the SDK does, and takes those of the SDK', () => {
  const sizes = fc.integer({ min: 1, max: 1_000_000_000 });
  const property = fc.property(keys, sizes, secrets, sizes, (key, maxBytes, keySecret, atMs) => {
    const clock = { now: () => Date.UTC(2026, 0, 1) + atMs, monotonic: () => 0 };
    const store = createObjectStore({ ...account, keySecret, clock, fetch });
    const { fields } = store.postForm({ keyPrefix: `${key}/`, maxBytes, expiresInMs: 60_000 });
    const policy = Buffer.from(fields.policy ?? '', 'base64').toString();
    const signature = clientWith(keySecret).signPostObjectPolicyV4(policy, new Date(clock.now()));
    expect(fields['x-oss-signature']).toBe(signature);
    checkV4Form({ ...fields, 'x-oss-signature': signature }, 'oss', { ...account, keySecret }, clock.now());
  });
  fc.assert(property, RUNS);
});

it('plays OSS for the SDK itself', async () => {
  const keySecret = 'a-secret';
  const clock = systemClock;
  const simulator = await createObjectStoreSimulator({ ...account, keySecret, clock });
  try {
    const place = { endpoint: simulator.url, cname: true, secure: false };
    const client = clientWith(keySecret, place);
    const key = 'u/42/头像 (1).jpg';
    await client.put(key, Buffer.from('a picture'), { mime: 'image/jpeg' });
    const store = createObjectStore({ ...account, keySecret, endpoint: simulator.url, clock, fetch });
    expect(await store.head(key)).toMatchObject({ bytes: 9, contentType: 'image/jpeg' });
    const part = await client.get(key, { headers: { Range: 'bytes=2-8' } });
    expect(part.content.toString()).toBe('picture');
    await client.copy('b.jpg', key);
    await client.delete(key);
    expect((await client.head('b.jpg')).res.headers['content-length']).toBe('9');
    await expect(client.get(key)).rejects.toMatchObject({ code: 'NoSuchKey', status: 404 });
    const stranger = clientWith('guessed', place);
    await expect(stranger.get('b.jpg')).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
  } finally {
    await simulator.close();
  }
});

import { systemClock } from '@maque/kit';
import COS from 'cos-nodejs-sdk-v5';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkCosSignature } from '../simulator/object-store/check-cos-signature.ts';
import { createObjectStoreSimulator } from '../simulator/object-store/index.ts';
import { createObjectStore } from './create-object-store.ts';
import { arriving, keys, methods, queries, secrets } from './interop.fixture.ts';
import { signCos } from './signing/cos-signature.ts';

/** Tencent's own SDK, version 3. */
const RUNS = { numRuns: 1_000 };
const bucket = 'shop-1250000000';
const region = 'ap-guangzhou';
const host = `${bucket}.cos.${region}.myqcloud.com`;
const keyId = 'AKIDinterop';
const account = { kind: 'cos', bucket, region, keyId } as const;
const metadata = fc.dictionary(
  fc.stringMatching(/^x-cos-meta-[a-z]{1,8}$/),
  fc.string({ unit: 'binary', maxLength: 20 }),
  { maxKeys: 3, noNullPrototype: true },
);

const pairsOf = (text: string) => Object.fromEntries(text.split('&').map((pair) => pair.split(/=(.*)/s, 2)));

it('signs requests as the SDK does', () => {
  const times = fc.integer({ min: 1_600_000_000, max: 2_000_000_000 });
  const property = fc.property(
    methods,
    keys,
    queries,
    metadata,
    secrets,
    times,
    (method, key, query, meta, keySecret, start) => {
      const keyTime = `${start};${start + 900}`;
      const headers = { host, ...meta };
      const told = pairsOf(
        COS.getAuthorization({
          ...{ SecretId: keyId, SecretKey: keySecret, KeyTime: keyTime },
          ...{ Method: method as 'GET', Pathname: `/${key}`, Query: query, Headers: headers },
        }),
      );
      const ours = signCos({ method, path: `/${key}`, query, headers }, keySecret, keyTime);
      expect([ours.signature, ours.headerList, ours.paramList]).toEqual([
        told['q-signature'],
        told['q-header-list'],
        told['q-url-param-list'],
      ]);
    },
  );
  fc.assert(property, RUNS);
});

it('takes what the SDK signs in a header, and not when a letter of it differs', () => {
  const property = fc.property(methods, keys, queries, secrets, (method, key, query, keySecret) => {
    const authorization = COS.getAuthorization({
      ...{ SecretId: keyId, SecretKey: keySecret, Method: method as 'GET', Pathname: `/${key}` },
      ...{ Query: query, Headers: { host } },
    });
    const request = { method, path: `/${key}`, query, headers: { host, authorization } };
    checkCosSignature(request, { ...account, keySecret }, Date.now());
    const changed = { ...request, path: `/${key}x` };
    expect(() => checkCosSignature(changed, { ...account, keySecret }, Date.now())).toThrow(/does not match/);
  });
  fc.assert(property, RUNS);
});

it('takes the links of the SDK', () => {
  const property = fc.property(keys, queries, secrets, (key, query, keySecret) => {
    const cos = new COS({ SecretId: keyId, SecretKey: keySecret });
    const options = { Bucket: bucket, Region: region, Key: key, Query: query, Expires: 60, Sign: true };
    const link = cos.getObjectUrl(options, () => {});
    checkCosSignature(arriving(link), { ...account, keySecret }, Date.now());
  });
  fc.assert(property, RUNS);
});

it('makes links that the SDK would have made', () => {
  const property = fc.property(keys, queries, secrets, (key, query, keySecret) => {
    const store = createObjectStore({ ...account, keySecret, clock: systemClock, fetch });
    const url = new URL(store.signedUrl(key, { expiresInMs: 60_000, query }));
    const told = COS.getAuthorization({
      ...{ SecretId: keyId, SecretKey: keySecret, KeyTime: url.searchParams.get('q-key-time') ?? '' },
      ...{ Method: 'GET' as const, Pathname: `/${key}`, Query: query, Headers: { host } },
    });
    for (const [name, value] of Object.entries(pairsOf(told))) {
      expect([name, url.searchParams.get(name)]).toEqual([name, value]);
    }
    expect([url.host, decodeURIComponent(url.pathname)]).toEqual([host, `/${key}`]);
  });
  fc.assert(property, RUNS);
});

it('plays COS for the SDK itself', async () => {
  const keySecret = 'a-secret';
  const clock = systemClock;
  const simulator = await createObjectStoreSimulator({ ...account, keySecret, clock });
  try {
    const { host: Domain } = new URL(simulator.url);
    const cos = new COS({ SecretId: keyId, SecretKey: keySecret, Domain, Protocol: 'http:' });
    const place = { Bucket: bucket, Region: region, Key: 'u/42/头像 (1).jpg' };
    await cos.putObject({ ...place, Body: Buffer.from('a picture'), ContentType: 'image/jpeg' });
    const store = createObjectStore({ ...account, keySecret, endpoint: simulator.url, clock, fetch });
    expect(await store.head(place.Key)).toMatchObject({ bytes: 9, contentType: 'image/jpeg' });
    expect((await cos.getObject({ ...place, Range: 'bytes=2-8' })).Body.toString()).toBe('picture');
    await cos.deleteObject(place);
    await expect(cos.headObject(place)).rejects.toMatchObject({ statusCode: 404 });
    const stranger = new COS({ SecretId: keyId, SecretKey: 'guessed', Domain, Protocol: 'http:' });
    await expect(stranger.getObject(place)).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
  } finally {
    await simulator.close();
  }
});

import { resolveSettings } from '@maque/kit';
import { expect, it } from 'vitest';
import { checkEnvironment } from './check-environment.ts';
import { configuredStore } from './object-store-account.ts';
import { serverSettings } from './settings-table.ts';

const COS = {
  MAQUE_FILE_STORE: 'cos',
  MAQUE_STORE_BUCKET: 'shop-1250000000',
  MAQUE_STORE_REGION: 'ap-guangzhou',
  MAQUE_STORE_KEY_ID: 'AKID',
  MAQUE_STORE_KEY_SECRET: 'the-secret',
};
const read = (entries: Record<string, string>) =>
  resolveSettings(serverSettings, [{ kind: 'env', label: 'environment', entries }]).values;
const problems = (entries: Record<string, string>) =>
  checkEnvironment(read(entries)).map((problem) => problem.messageIn('en'));
const PROD = { MAQUE_ENV: 'prod', MAQUE_ALLOW_NO_WECHAT: 'true' };

it('takes a whole bucket, and none at all', () => {
  expect(problems(COS)).toEqual([]);
  expect(problems({})).toEqual([]);
  expect(configuredStore(read({}))).toBeUndefined();
});

it('names all that is missing and wrong at once, and no secret', () => {
  expect(problems({ MAQUE_FILE_STORE: 'oss', MAQUE_STORE_REGION: 'cn-hangzhou' })).toEqual([
    'MAQUE_FILE_STORE is oss, which also needs: MAQUE_STORE_BUCKET, MAQUE_STORE_KEY_ID, MAQUE_STORE_KEY_SECRET',
  ]);
  const wrong = {
    ...COS,
    MAQUE_STORE_BUCKET: 'shop',
    MAQUE_STORE_REGION: '广州',
    MAQUE_STORE_ENDPOINT: 'files.example.com',
  };
  expect(problems(wrong)).toEqual([
    expect.stringContaining('shop is not the name of a bucket; those of COS end with the APPID'),
    expect.stringContaining('广州 is not a region'),
    expect.stringContaining('files.example.com'),
  ]);
  expect(problems(wrong).join()).not.toContain('the-secret');
});

it.each([
  ['https://files.example.com', true, true],
  ['http://127.0.0.1:9000', true, false],
  ['http://minio.example.com:9000', true, false],
  ['https://files.example.com/folder', false, false],
  ['https://user:password@files.example.com', false, false],
  ['ftp://files.example.com', false, false],
])('as the endpoint takes %s: %s in dev, %s in prod', (endpoint, inDev, inProd) => {
  const entries = { ...COS, MAQUE_FILE_STORE: 's3', MAQUE_STORE_ENDPOINT: endpoint };
  expect(problems(entries)).toHaveLength(inDev ? 0 : 1);
  expect(problems({ ...entries, ...PROD })).toHaveLength(inProd ? 0 : 1);
});

it('trusts keys of a simulator on this machine, and never in prod', () => {
  const entries = { ...COS, MAQUE_FILE_STORE: 'oss', MAQUE_STORE_ENDPOINT: 'http://127.0.0.1:9000' };
  expect(configuredStore(read(entries))?.trustedKeyPrefix).toBe('http://127.0.0.1:9000/');
  expect(configuredStore(read({ ...entries, ...PROD }))?.trustedKeyPrefix).toBeUndefined();
  const elsewhere = { ...entries, MAQUE_STORE_ENDPOINT: 'https://files.example.com' };
  expect(configuredStore(read(elsewhere))?.trustedKeyPrefix).toBeUndefined();
});

it('has OSS report where the world reaches us', () => {
  const entries = { ...COS, MAQUE_FILE_STORE: 'oss', MAQUE_PUBLIC_URL: 'https://shop.example.com' };
  expect(configuredStore(read(entries))?.callbackUrl).toBe('https://shop.example.com/api/uploads/arrived');
  expect(configuredStore(read(COS))?.callbackUrl).toBeUndefined();
  const onLaptop = { ...entries, MAQUE_PUBLIC_URL: 'http://127.0.0.1:8080' };
  expect(configuredStore(read(onLaptop))?.callbackUrl).toBeUndefined();
  const simulated = { ...onLaptop, MAQUE_STORE_ENDPOINT: 'http://127.0.0.1:9000' };
  expect(configuredStore(read(simulated))?.callbackUrl).toBe('http://127.0.0.1:8080/api/uploads/arrived');
});

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveSettings } from '@maque/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkEnvironment } from './check-environment.ts';
import { paySettingsOf } from './pay-settings.ts';
import { serverSettings } from './settings-table.ts';

let folder: string;
let whole: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maque-pay-settings-'));
  await writeFile(join(folder, 'apiclient_key.pem'), 'a key', { mode: 0o600 });
  await writeFile(join(folder, 'pub_key.pem'), 'a key');
  whole = {
    MAQUE_WECHAT_APP_ID: 'wx0123456789abcdef',
    MAQUE_WECHAT_SECRET: 'secret',
    MAQUE_PAY_MCH_ID: '1900000001',
    MAQUE_PAY_SERIAL: 'ABCDEF',
    MAQUE_PAY_KEY_FILE: 'apiclient_key.pem',
    MAQUE_PAY_API_V3_KEY: '0123456789abcdef0123456789abcdef',
    MAQUE_PUBLIC_URL: 'https://shop.example.com',
  };
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const read = (entries: Record<string, string>) =>
  resolveSettings(serverSettings, [{ kind: 'env', label: 'environment', entries }]).values;
const codes = (entries: Record<string, string>) =>
  checkEnvironment(read(entries), folder).map(({ code }) => code);
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(whole).filter(([name]) => !names.includes(name)));

it('takes a whole merchant account, with paths from the app, in prod too', () => {
  expect(codes(whole)).toEqual([]);
  expect(codes({ ...whole, MAQUE_ENV: 'prod' })).toEqual([]);
  expect(paySettingsOf(read(whole))).toMatchObject({
    mchId: '1900000001',
    publicKey: undefined,
    baseUrl: undefined,
  });
});

it('has no merchant, and nothing to say of it, where there are no settings of one', () => {
  expect(codes(without(...Object.keys(whole).filter((name) => name.includes('PAY'))))).toEqual([]);
  expect(paySettingsOf(read({}))).toBeNull();
});

it('names all that is missing and wrong at once', () => {
  const entries = {
    ...without('MAQUE_WECHAT_APP_ID', 'MAQUE_WECHAT_SECRET', 'MAQUE_PAY_SERIAL', 'MAQUE_PUBLIC_URL'),
    MAQUE_PAY_API_V3_KEY: 'short',
    MAQUE_PAY_KEY_FILE: 'no-such.pem',
    MAQUE_PAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_1',
  };
  const problems = checkEnvironment(read(entries), folder).map((problem) => problem.messageIn('en'));
  expect(problems).toEqual([
    'Payments are set up only in part; missing: MAQUE_WECHAT_APP_ID, MAQUE_PAY_SERIAL, MAQUE_PUBLIC_URL, MAQUE_PAY_PUBLIC_KEY_FILE',
    'MAQUE_PAY_API_V3_KEY must be 32 characters without spaces',
    `MAQUE_PAY_KEY_FILE: there is no file ${join(folder, 'no-such.pem')} that can be read (relative paths start at the app)`,
  ]);
});

it('refuses a private key that others may read; a public one is everybody’s', async () => {
  await chmod(join(folder, 'apiclient_key.pem'), 0o640);
  const publicKey = { MAQUE_PAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_1', MAQUE_PAY_PUBLIC_KEY_FILE: 'pub_key.pem' };
  expect(codes({ ...whole, ...publicKey })).toEqual(['PAY_KEY_EXPOSED']);
  await chmod(join(folder, 'apiclient_key.pem'), 0o600);
  expect(codes({ ...whole, ...publicKey })).toEqual([]);
});

describe('addresses', () => {
  it.each([
    ['http://shop.example.com', 'dev', ['PUBLIC_URL_INVALID']],
    ['http://127.0.0.1:8080', 'dev', []],
    ['http://127.0.0.1:8080', 'prod', ['PUBLIC_URL_INVALID']],
    ['https://shop.example.com/?a=1', 'prod', ['PUBLIC_URL_INVALID']],
    ['shop.example.com', 'prod', ['PUBLIC_URL_INVALID']],
    ['https://shop.example.com/backend', 'prod', []],
  ])('WeChat Pay reports to %s in %s: %j', (url, env, expected) => {
    expect(codes({ ...whole, MAQUE_PUBLIC_URL: url, MAQUE_ENV: env })).toEqual(expected);
  });

  it.each([
    ['http://127.0.0.1:9000', 'dev', []],
    ['http://127.0.0.1:9000', 'prod', ['PAY_SIMULATOR_IN_PROD']],
    ['https://api2.mch.weixin.qq.com', 'prod', []],
    ['https://api.mch.weixin.qq.com.evil.cn', 'prod', ['PAY_SIMULATOR_IN_PROD']],
    ['http://pay.example.com', 'dev', ['PAY_BASE_URL_INVALID']],
  ])('WeChat Pay is asked at %s in %s: %j', (url, env, expected) => {
    expect(codes({ ...whole, MAQUE_PAY_BASE_URL: url, MAQUE_ENV: env })).toEqual(expected);
  });
});

import { DAY, MiB, resolveSettings, type SettingsError } from '@maque/kit';
import { expect, it } from 'vitest';
import { checkEnvironment } from './check-environment.ts';
import { serverSettings } from './settings-table.ts';

const environment = (entries: Record<string, string>) =>
  resolveSettings(serverSettings, [{ kind: 'env', label: 'environment', entries }]).values;

it('starts on a laptop with no settings at all', () => {
  const settings = environment({});
  expect(settings).toMatchObject({ port: 8080, host: '127.0.0.1', env: 'dev', tokenTtl: 7 * DAY });
  expect(settings.bodyLimit).toBe(1 * MiB);
  expect(checkEnvironment(settings)).toEqual([]);
});

it('says why each default is what it is, in both languages what a setting means', () => {
  for (const [name, definition] of Object.entries(serverSettings)) {
    expect(definition.meaning.zh, name).toMatch(/[\u4e00-\u9fff]/);
    if ('default' in definition) expect((definition as { reason?: string }).reason, name).toBeTruthy();
  }
});

it('refuses a misspelled setting and names the nearest right one', () => {
  try {
    environment({ MAQUE_DATA_DR: '/tmp', MAQUE_MAX_CONCURRENT: 'many' });
    expect.unreachable();
  } catch (error) {
    expect((error as SettingsError).linesIn('en')).toEqual([
      'environment: unknown setting MAQUE_DATA_DR; did you mean MAQUE_DATA_DIR?',
      'environment: MAQUE_MAX_CONCURRENT must be a whole number, not "many"',
    ]);
  }
});

it.each([
  ['an AppID is missing', {}, ['WECHAT_REQUIRED']],
  ['the secret is missing', { MAQUE_WECHAT_APP_ID: 'wx1' }, ['WECHAT_SECRET_MISSING']],
  [
    'the simulator is asked for',
    {
      MAQUE_WECHAT_APP_ID: 'wx1',
      MAQUE_WECHAT_SECRET: 's',
      MAQUE_WECHAT_BASE_URL: 'http://127.0.0.1:9000',
    },
    ['SIMULATOR_IN_PROD'],
  ],
  [
    'a domain only looks like that of WeChat',
    {
      MAQUE_WECHAT_APP_ID: 'wx1',
      MAQUE_WECHAT_SECRET: 's',
      MAQUE_WECHAT_BASE_URL: 'https://api.weixin.qq.com.evil.cn',
    },
    ['SIMULATOR_IN_PROD'],
  ],
  ['WeChat is left out on purpose', { MAQUE_ALLOW_NO_WECHAT: '1' }, []],
  ['all is there', { MAQUE_WECHAT_APP_ID: 'wx1', MAQUE_WECHAT_SECRET: 's' }, []],
  [
    'a proxy is no address',
    { MAQUE_ALLOW_NO_WECHAT: '1', MAQUE_TRUSTED_PROXY: '127.0.0.1,10.0.0.0/33,nginx' },
    ['PROXY_INVALID', 'PROXY_INVALID'],
  ],
])('in prod, when %s: %s → %s', (_case, entries, codes) => {
  const problems = checkEnvironment(environment({ MAQUE_ENV: 'prod', ...entries }));
  expect(problems.map((problem) => problem.code)).toEqual(codes);
});

it('refuses a memory for bodies that cannot hold a single one', () => {
  const problems = checkEnvironment(environment({ MAQUE_BODY_LIMIT: '8M', MAQUE_BODY_MEMORY: '4M' }));
  expect(problems.map((problem) => problem.messageIn('en'))).toEqual([
    'MAQUE_BODY_MEMORY is 4 MiB; it must hold at least one body of MAQUE_BODY_LIMIT, 8 MiB',
  ]);
});

it('sends the AppSecret over plain http to this machine only', () => {
  const problems = checkEnvironment(environment({ MAQUE_WECHAT_BASE_URL: 'http://wechat.example.cn' }));
  expect(problems.map((problem) => problem.code)).toEqual(['WECHAT_BASE_URL_INVALID']);
});

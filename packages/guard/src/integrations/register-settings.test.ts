import { expect, it } from 'vitest';
import { parseMetricsAddress } from './metrics-address.ts';
import { readRegisterSettings } from './register-settings.ts';

it('is off unless told, and looks at nothing that is not its own', () => {
  const { values, problems } = readRegisterSettings({
    MAQUE_PORT: 'x',
    PATH: '/bin',
    MAQUE_GUARD_METRICS: '',
  });
  expect(problems).toEqual([]);
  expect(values.metrics).toBeUndefined();
});

it.each([
  ['9464', { host: '127.0.0.1', port: 9464, isLoopback: true }],
  [':0', { host: '127.0.0.1', port: 0, isLoopback: true }],
  ['localhost:1', { host: 'localhost', port: 1, isLoopback: true }],
  ['[::1]:9464', { host: '::1', port: 9464, isLoopback: true }],
  ['0.0.0.0:9464', { host: '0.0.0.0', port: 9464, isLoopback: false }],
  ['[::]:9464', { host: '::', port: 9464, isLoopback: false }],
  ['127.0.0.1.example.com:1', { host: '127.0.0.1.example.com', port: 1, isLoopback: false }],
  ['70000', null],
  ['http://localhost:1', null],
  ['::1:9464', null],
  ['[:::]:1', null],
  ['host:', null],
])('reads %s as an address', (text, address) => {
  expect(parseMetricsAddress(text)).toEqual(address);
});

it('tells all that is wrong at once and keeps what is right', () => {
  const { values, problems } = readRegisterSettings({
    MAQUE_GUARD_METRIC: '9464',
    MAQUE_GUARD_METRICS: 'nowhere',
    MAQUE_GUARD_BASELINE: '/var/lib/app/baseline.json',
  });
  expect(problems).toEqual([
    'environment: unknown setting MAQUE_GUARD_METRIC; did you mean MAQUE_GUARD_METRICS?',
    'environment: MAQUE_GUARD_METRICS must be a port or host:port such as 127.0.0.1:9464, not "nowhere"',
  ]);
  expect(values).toMatchObject({ metrics: undefined, baseline: '/var/lib/app/baseline.json' });
});

it('opens no port to others without a token, and says so in the user’s language', () => {
  const open = { MAQUE_GUARD_METRICS: '0.0.0.0:9464', LANG: 'zh_CN.UTF-8' };
  const { values, problems } = readRegisterSettings(open);
  expect(values.metrics).toBeUndefined();
  expect(problems).toEqual([expect.stringContaining('必须设置 MAQUE_GUARD_METRICS_TOKEN')]);
  const withToken = readRegisterSettings({ ...open, MAQUE_GUARD_METRICS_TOKEN: 'secret' });
  expect(withToken.problems).toEqual([]);
  expect(withToken.values.metrics?.port).toBe(9464);
});

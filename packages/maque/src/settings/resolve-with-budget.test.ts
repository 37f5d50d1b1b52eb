import { GiB, MiB, type SettingsSource } from '@maque/kit';
import type { BoxFacts } from '@maque/ops';
import { expect, it } from 'vitest';
import { resolveWithBudget } from './resolve-with-budget.ts';
import { workerEnvironment } from './worker-environment.ts';

const box: BoxFacts = { memoryBytes: 1960 * MiB, bound: 'box', cores: 2 };
const env = (entries: Readonly<Record<string, string | undefined>>): SettingsSource[] => [
  { kind: 'env', label: 'environment', entries },
];

it('fills in the limits of the plan where the user told none, and says so', () => {
  const { settings, plan } = resolveWithBudget(env({ MAQUE_MEMORY: '600M' }), box);
  if (!plan.fits) throw new Error('it fits');
  expect(settings.values.cacheMemory).toBe(plan.server?.cacheBytes);
  expect(settings.origins.cacheMemory).toBe('memory budget');
});

it('keeps what the user told and counts it in the plan', () => {
  const { settings, plan } = resolveWithBudget(env({ MAQUE_CACHE_MEMORY: '100M' }), box);
  expect(settings.values.cacheMemory).toBe(100 * MiB);
  expect(settings.origins.cacheMemory).toBe('environment');
  expect(plan.lines.find(({ code }) => code === 'CACHE')?.bytesEach).toBe(100 * MiB);
});

it('takes the heap of the workers as it was told', () => {
  const { plan } = resolveWithBudget(env({ MAQUE_HEAP: '150M' }), box);
  expect(plan).toMatchObject({ fits: true, perWorker: { oldSpaceMb: 150, semiSpaceMb: 8 } });
});

it('tells each worker how many share the traffic', () => {
  const told = (entries: Record<string, string>) => resolveWithBudget(env(entries), box).settings.values;
  expect(told({ MAQUE_WORKERS: '2' }).sharedBy).toBe(2);
  expect(told({ MAQUE_WORKERS: '2', MAQUE_SHARED_BY: '5' }).sharedBy).toBe(5);
});

it('plans for the simulator only where it stands in for WeChat', () => {
  const codes = (entries: Record<string, string>) =>
    resolveWithBudget(env(entries), box).plan.lines.map(({ code }) => code);
  expect(codes({})).toContain('SIMULATOR');
  expect(codes({ MAQUE_WECHAT_APP_ID: 'wx1' })).not.toContain('SIMULATOR');
  expect(codes({ MAQUE_ENV: 'prod' })).not.toContain('SIMULATOR');
});

it('gives the workers the same values through their environment', () => {
  const told = {
    MAQUE_TOKEN_TTL: '90s',
    MAQUE_BODY_LIMIT: '300k',
    MAQUE_TRUSTED_PROXY: '127.0.0.1, 10.0.0.0/8',
  };
  const { settings } = resolveWithBudget(env(told), { ...box, memoryBytes: GiB });
  const again = resolveWithBudget(env(workerEnvironment(settings)), { ...box, memoryBytes: GiB });
  expect(again.settings.values).toEqual(settings.values);
});

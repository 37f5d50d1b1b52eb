import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  defineSettings,
  formatSetting,
  resolveSettings,
  type SettingsError,
  type SettingsSource,
} from './settings.ts';
import { MiB } from './units.ts';

const text = { en: '-', zh: '-' };
const table = defineSettings({
  port: { type: 'port', env: 'PORT', flag: 'port', default: 8080, meaning: text },
  dataDir: { type: 'path', env: 'MAQUE_DATA_DIR', flag: 'data-dir', default: './data', meaning: text },
  memory: { type: 'bytes', env: 'MAQUE_MEMORY', flag: 'memory', min: 64 * MiB, meaning: text },
  env: {
    type: 'string',
    env: 'MAQUE_ENV',
    flag: 'env',
    choices: ['dev', 'prod'],
    default: 'dev',
    meaning: text,
  },
  tokenTtl: { type: 'duration', env: 'MAQUE_TOKEN_TTL', default: 1_000, max: 60_000, meaning: text },
  secret: { type: 'string', env: 'MAQUE_SECRET', secret: true, meaning: text },
  proxies: { type: 'list', env: 'MAQUE_PROXIES', default: [], meaning: text },
  off: { type: 'list', env: 'MAQUE_OFF', default: [], members: ['cpu', 'leak'], meaning: text },
  color: { type: 'boolean', env: 'MAQUE_COLOR', default: false, meaning: text },
});

const env = (entries: Record<string, string>): SettingsSource => ({
  kind: 'env',
  label: 'environment',
  entries,
});
const flags = (entries: Record<string, string>): SettingsSource => ({
  kind: 'flag',
  label: 'command line',
  entries,
});

function problemsOf(...sources: SettingsSource[]): string[] {
  try {
    resolveSettings(table, sources);
    return [];
  } catch (error) {
    return (error as SettingsError).linesIn('en');
  }
}

describe('resolveSettings', () => {
  it('lets later sources win and tells where each value came from', () => {
    const { values, origins } = resolveSettings(table, [
      env({ PORT: '9000', MAQUE_MEMORY: '512M', MAQUE_PROXIES: '10.0.0.1, ::1', MAQUE_COLOR: '1' }),
      flags({ port: '9001' }),
    ]);
    expect(values).toMatchObject({
      port: 9001,
      memory: 512 * MiB,
      proxies: ['10.0.0.1', '::1'],
      color: true,
    });
    expect(values.secret).toBeUndefined();
    expect(origins).toMatchObject({ port: 'command line', memory: 'environment', dataDir: 'default' });
  });

  it('knows the type of each value', () => {
    const { values } = resolveSettings(table, []);
    expectTypeOf(values.port).toEqualTypeOf<number>();
    expectTypeOf(values.env).toEqualTypeOf<'dev' | 'prod'>();
    expectTypeOf(values.secret).toEqualTypeOf<string | undefined>();
  });

  it('takes no list with a member that is not allowed', () => {
    expect(resolveSettings(table, [env({ MAQUE_OFF: 'leak,cpu' })]).values.off).toEqual(['leak', 'cpu']);
    expect(problemsOf(env({ MAQUE_OFF: 'cpuu' }))).toEqual([
      'environment: MAQUE_OFF must be a list of cpu, leak, not "cpuu"',
    ]);
  });

  it('reports all problems at once', () => {
    expect(
      problemsOf(env({ PORT: '70000', MAQUE_ENV: 'production', MAQUE_TOKEN_TTL: '2h', MAQUE_COLOR: 'yes' })),
    ).toEqual([
      'environment: PORT must be a port from 0 to 65535, not "70000"',
      'environment: MAQUE_ENV must be one of dev, prod, not "production"',
      'environment: MAQUE_TOKEN_TTL must be at most 1 min, not "2h"',
      'environment: MAQUE_COLOR must be true or false, not "yes"',
    ]);
  });

  it('refuses an unknown key and names the nearest', () => {
    expect(problemsOf(env({ MAQUE_DATADIR: '/d' }), flags({ prot: '1' }))).toEqual([
      'environment: unknown setting MAQUE_DATADIR; did you mean MAQUE_DATA_DIR?',
      'command line: unknown setting --prot; did you mean --port?',
    ]);
  });

  it('leaves the rest of the environment alone, and empty variables unset', () => {
    expect(resolveSettings(table, [env({ HOME: '/root', MAQUE_DATA_DIR: '' })]).values.dataDir).toBe(
      './data',
    );
  });

  it('never shows a secret, not even a wrong one', () => {
    const source: SettingsSource = { kind: 'file', label: 'file', entries: { secret: 12345678 } };
    expect(problemsOf(source)).toEqual(['file: secret must be a text, not (hidden)']);
    expect(formatSetting(table.secret, 'hunter2')).toBe('(set)');
  });

  it('freezes what it answers', () => {
    const { values } = resolveSettings(table, []);
    expect(() => Object.assign(values, { port: 1 })).toThrow(TypeError);
  });
});

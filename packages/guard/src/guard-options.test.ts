import { describe, expect, it } from 'vitest';
import { type GuardOptions, resolveGuardOptions } from './guard-options.ts';
import { DEFAULT_PRESSURE_LIMITS } from './pressure/pressure.ts';

describe('options of watch', () => {
  it('all have a default', () => {
    expect(resolveGuardOptions()).toEqual({
      minIntervalMs: 500,
      maxIntervalMs: 10_000,
      maxRoutes: 200,
      countHttp: true,
      pressureLimits: DEFAULT_PRESSURE_LIMITS,
      leakHorizonMs: 1_800_000,
      forceCollections: true,
      baseline: null,
      explainLeaks: true,
      nameSlowTurns: true,
      reports: null,
      alerts: null,
    });
  });

  it('take what is given and keep the rest; undefined counts as not given', () => {
    const given = { minIntervalMs: 30_000, pressureLimits: { 'gc-time': { elevated: 0.2, critical: 0.3 } } };
    const resolved = resolveGuardOptions({ ...given, countHttp: undefined } as unknown as GuardOptions);
    expect(resolved).toMatchObject({ minIntervalMs: 30_000, maxIntervalMs: 30_000, countHttp: true });
    expect(resolved.pressureLimits).toEqual({ ...DEFAULT_PRESSURE_LIMITS, ...given.pressureLimits });
  });

  it.each([
    [{ minIntervalMs: 5 }, RangeError, 'watch: minIntervalMs must be from 50 to 60000, not 5'],
    [{ minIntervalMs: Number.NaN }, RangeError, 'watch: minIntervalMs must be from 50 to 60000, not NaN'],
    [{ minIntervalMs: '500' }, TypeError, 'watch: minIntervalMs must be a number, not "500"'],
    [{ maxIntervalMs: 100 }, RangeError, 'watch: maxIntervalMs must be from 500 to 600000, not 100'],
    [
      { maxIntervalMs: 1e12 },
      RangeError,
      'watch: maxIntervalMs must be from 500 to 600000, not 1000000000000',
    ],
    [{ maxRoutes: 0 }, RangeError, 'watch: maxRoutes must be from 1 to 2000, not 0'],
    [{ maxRoutes: 2.5 }, RangeError, 'watch: maxRoutes must be a whole number, not 2.5'],
    [{ countHttp: 'no' }, TypeError, 'watch: countHttp must be true or false, not "no"'],
    [
      { minIntervallMs: 500 },
      TypeError,
      'watch: options has no "minIntervallMs"; did you mean minIntervalMs?',
    ],
    [
      { pressureLimits: { heap: {} } },
      TypeError,
      'watch: pressureLimits has no "heap"; known are heap-floor',
    ],
    [
      { pressureLimits: { 'gc-time': { elevated: 0.5, critical: 0.1 } } },
      RangeError,
      'watch: pressureLimits.gc-time.critical must be from 0.5 to Infinity, not 0.1',
    ],
    [
      { pressureLimits: { 'gc-time': { elevated: 0.5 } } },
      TypeError,
      'watch: pressureLimits.gc-time.critical must be a number, not undefined',
    ],
    [{ forceCollections: 1 }, TypeError, 'watch: forceCollections must be true or false, not 1'],
    [{ leakHorizonMs: 0 }, RangeError, 'watch: leakHorizonMs must be from 60000 to 604800000, not 0'],
    [{ baseline: 'file' }, TypeError, 'watch: baseline must be an object, not "file"'],
    [{ baseline: { path: 'x' } }, TypeError, 'watch: baseline has no "path"; known are file, version'],
    [{ baseline: { file: 'x' } }, TypeError, 'watch: baseline.version must be a text, not undefined'],
    [
      { baseline: { file: '', version: '1' } },
      RangeError,
      'watch: baseline.file must be a text of 1 to 4096 characters, not ""',
    ],
    [{ explainLeaks: 0 }, TypeError, 'watch: explainLeaks must be true or false, not 0'],
    [{ reports: { folder: 'x' } }, TypeError, 'watch: reports has no "folder"; known are dir, max, language'],
    [{ reports: { dir: '' } }, TypeError, 'watch: reports.dir must be the path of a folder'],
    [{ pressureLimits: 3 }, TypeError, 'watch: pressureLimits must be an object, not 3'],
    [null, TypeError, 'watch: options must be an object, not null'],
    [[], TypeError, 'watch: options must be an object, not []'],
  ])('refuse %j', (options, kind, message) => {
    const resolve = () => resolveGuardOptions(options as unknown as GuardOptions);
    expect(resolve).toThrow(kind);
    expect(resolve).toThrow(message);
  });
});

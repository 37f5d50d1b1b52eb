import { HOUR, MiB } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareReleases,
  expectedLevels,
  MAX_VERSIONS,
  readRecords,
  type VersionRecord,
  withLearnt,
} from './baseline.ts';

function record(version: string, seenAtMs: number, change: Partial<VersionRecord> = {}): VersionRecord {
  return { version, seenAtMs, wellMs: HOUR, settled: { heap: 40 * MiB }, leaks: {}, ...change };
}

describe('what earlier runs tell', () => {
  it('is the level of this version, else of the latest one that was well', () => {
    const records = [
      record('1', 100),
      record('2', 200, { settled: { heap: 50 * MiB } }),
      record('3', 300, { settled: { heap: 90 * MiB }, leaks: { heap: { bytesPerSecond: 1e5 } } }),
    ];
    expect(expectedLevels(records, '1').heap).toBe(41 * MiB);
    expect(expectedLevels(records, '4').heap).toBe(51 * MiB);
    expect(expectedLevels(records, '4').external).toBeUndefined();
    expect(expectedLevels([], '4')).toEqual({});
  });

  it('is whether this release leaks and the last did not', () => {
    const well = [record('1.0', 100)];
    expect(compareReleases(well, '1.1', ['heap'])).toEqual({
      version: '1.1',
      previous: '1.0',
      newLeaks: ['heap'],
    });
    const leaked = [record('1.0', 100, { leaks: { heap: { bytesPerSecond: 1e5 } } })];
    expect(compareReleases(leaked, '1.1', ['heap']).newLeaks).toEqual([]);
    // Watched for a minute: it may have leaked all the same.
    expect(compareReleases([record('1.0', 100, { wellMs: 60_000 })], '1.1', ['heap']).newLeaks).toEqual([]);
    expect(compareReleases([], '1.1', ['heap'])).toMatchObject({ previous: null, newLeaks: [] });
  });

  it('grows by what was learnt, and keeps ten versions', () => {
    let records: readonly VersionRecord[] = [];
    for (let version = 0; version < 30; version += 1) {
      records = withLearnt(records, record(String(version), version));
    }
    expect(records.map(({ version }) => version)).toEqual(
      Array.from({ length: MAX_VERSIONS }, (_, index) => String(29 - index)),
    );
    const [again] = withLearnt(records, record('29', 99, { settled: { native: MiB } }));
    expect(again).toMatchObject({ wellMs: 2 * HOUR, settled: { heap: 40 * MiB, native: MiB }, seenAtMs: 99 });
  });

  it('is read back as it was written, and whatever else is there is left out', () => {
    const versions = withLearnt(
      [record('1', 1)],
      record('2', 2, { leaks: { external: { bytesPerSecond: 7 } } }),
    );
    expect(readRecords(JSON.parse(JSON.stringify({ versions })))).toEqual(versions);
    expect(
      readRecords({ versions: [{ version: 3 }, null, { version: 'x', seenAtMs: 1, wellMs: -1 }] }),
    ).toEqual([]);
    fc.assert(
      fc.property(fc.jsonValue(), (content) => {
        expect(readRecords(content).length).toBeLessThanOrEqual(MAX_VERSIONS);
        expect(readRecords({ versions: content }).length).toBeLessThanOrEqual(MAX_VERSIONS);
      }),
    );
  });
});

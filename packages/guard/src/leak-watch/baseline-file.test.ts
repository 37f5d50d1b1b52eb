import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VersionRecord } from './baseline.ts';
import { BaselineFile } from './baseline-file.ts';

let folder: string;
let path: string;
let warnings: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maque-baseline-'));
  path = join(folder, 'baseline.json');
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (at = path): BaselineFile => new BaselineFile(at, (reason) => warnings.push(reason));
const record = (version: string): VersionRecord => ({
  version,
  seenAtMs: 1,
  wellMs: 1_000,
  settled: { heap: 5 },
  leaks: {},
});

describe('the baseline file', () => {
  it('begins with nothing, and keeps what is learnt for its owner alone', async () => {
    const file = open();
    expect(file.read()).toEqual([]);
    await file.save(record('1'));
    await file.save(record('2'));
    expect(
      open()
        .read()
        .map(({ version }) => version),
    ).toEqual(['2', '1']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['baseline.json']);
    expect(warnings).toEqual([]);
  });

  it('is shared by the processes of an app', async () => {
    const [one, other] = [open(), open()];
    await one.save(record('1'));
    await other.save(record('1'));
    expect(open().read()).toEqual([{ ...record('1'), wellMs: 2_000 }]);
  });

  it('is written anew when it is corrupt, with one warning', async () => {
    writeFileSync(path, '{"versions": [{"ver');
    const file = open();
    expect(file.read()).toEqual([]);
    await file.save(record('1'));
    expect(JSON.parse(readFileSync(path, 'utf8')).versions).toHaveLength(1);
    expect(warnings).toHaveLength(1);
  });

  it('is left alone when it is large, or no file, or cannot be read', async () => {
    writeFileSync(path, ' '.repeat(100_000));
    const large = open();
    expect(large.read()).toEqual([]);
    await large.save(record('1'));
    expect(statSync(path).size).toBe(100_000);
    mkdirSync(join(folder, 'folder'));
    expect(open(join(folder, 'folder')).read()).toEqual([]);
    expect(open('/proc/self/nothing/there').read()).toEqual([]);
    expect(warnings[0]).toContain('100000 bytes');
    expect(warnings[1]).toContain('not a file');
  });

  it('costs one warning when it cannot be written, as on a full disk', async () => {
    const file = open(join(folder, 'missing', 'baseline.json'));
    expect(file.read()).toEqual([]);
    await file.save(record('1'));
    await file.save(record('1'));
    expect(warnings).toHaveLength(1);
    expect(readdirSync(folder)).toEqual([]);
  });
});

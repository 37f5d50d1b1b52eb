import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { releaseOf } from './release-of.ts';

let folder: string;
let config: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maque-release-'));
  mkdirSync(join(folder, 'app', 'dist'), { recursive: true });
  config = join(folder, 'app', 'dist', 'maque.config.js');
  writeFileSync(config, 'export default {}');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('is the version of the package around it and a mark of the config', () => {
  writeFileSync(join(folder, 'app', 'package.json'), '{"version":"1.4.2"}');
  const release = releaseOf(config);
  expect(release).toMatch(/^1\.4\.2\+[0-9a-f]{8}$/);
  expect(releaseOf(config)).toBe(release);
  writeFileSync(config, 'export default { changed: true }');
  expect(releaseOf(config)).not.toBe(release);
});

it('does without a package, and with one that is broken', () => {
  expect(releaseOf(config)).toMatch(/^0\+/);
  writeFileSync(join(folder, 'app', 'package.json'), '{"version":');
  expect(releaseOf(config)).toMatch(/^0\+/);
});

import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sampleReport } from '../../fixtures/sample-report.ts';
import { ReportFolder } from './report-folder.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'maque-reports-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

it('writes a report as JSON and as Markdown, for its owner only', async () => {
  const folder = new ReportFolder({ dir: join(dir, 'new'), language: 'zh-CN' });
  const path = await folder.write(sampleReport());
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(sampleReport());
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readFile(path.replace('.json', '.md'), 'utf8')).toContain('# 内存泄漏报告');
});

it('keeps as many as it was told and touches no other file', async () => {
  const folder = new ReportFolder({ dir, max: 3 });
  await writeFile(join(dir, 'notes.md'), 'mine');
  for (let minute = 10; minute < 16; minute += 1) {
    await folder.write(sampleReport({ at: `2026-11-20T08:${minute}:00.000Z` }));
  }
  const names = (await readdir(dir)).sort();
  expect(names).toHaveLength(7);
  expect(names).toContain('notes.md');
  expect(names.at(-2)).toMatch(/^leak-20261120T081500-\d+\.md$/);
});

it('says what is wrong with its options, and with a folder that cannot be', async () => {
  expect(() => new ReportFolder({ dir: '' })).toThrow(/reports.dir/);
  expect(() => new ReportFolder({ dir, max: 0 })).toThrow(/from 1 to 1000/);
  await writeFile(join(dir, 'file'), '');
  await expect(new ReportFolder({ dir: join(dir, 'file', 'reports') }).write(sampleReport())).rejects.toThrow(
    /ENOTDIR/,
  );
});

import { appendFile, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';
import { recordedHost } from '../../testing/recorded-host.ts';
import { Patient } from './patient.ts';
import { readSamples, recordSample } from './sample-file.ts';
import { takeSample } from './take-sample.ts';

const sampleAt = (atMs: number, name = 'shop.service') => ({
  atMs,
  memoryAvailableBytes: 1,
  services: { [name]: 5 },
  logs: {},
});

it('keeps samples in order, the newest of them, for their owner alone', async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, 'doctor/samples.jsonl');
  expect(await readSamples(file)).toEqual([]);
  for (const atMs of [1, 2, 3, 4]) await recordSample(file, sampleAt(atMs), { maxSamples: 3 });
  expect((await readSamples(file)).map(({ atMs }) => atMs)).toEqual([2, 3, 4]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder.path, 'doctor'))).toEqual(['samples.jsonl']);
});

it('never grows beyond its bytes', async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, 'samples.jsonl');
  for (const atMs of [1, 2, 3, 4])
    await recordSample(file, sampleAt(atMs, 'x'.repeat(400)), { maxBytes: 1_000 });
  expect((await stat(file)).size).toBeLessThanOrEqual(1_000);
  expect((await readSamples(file)).map(({ atMs }) => atMs)).toEqual([3, 4]);
});

it('passes over lines that are no samples, and does not keep them', async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, 'samples.jsonl');
  await recordSample(file, sampleAt(1));
  await appendFile(
    file,
    '{"atMs": 2, "memo\nnull\n{"atMs":3,"memoryAvailableBytes":1,"services":{"a":"b"},"logs":{}}\n',
  );
  await recordSample(file, sampleAt(4));
  expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(3);
});

it('takes what each service has, by its unit or its program, and the larger logs', async () => {
  const process = (rssKb: number, cgroup: string) => ({
    status: `Name:\tMainThread\nPPid:\t1\nUid:\t0\t0\t0\t0\nVmRSS:\t${rssKb} kB\n`,
    cmdline: 'node\0server.js\0',
    cgroup: `0::${cgroup}\n`,
  });
  const processes = {
    10: process(1_000, '/system.slice/shop.service'),
    11: process(2_000, '/system.slice/shop.service'),
    12: process(500, '/user.slice/session-1.scope'),
  };
  const files = Object.entries(processes).flatMap(([pid, texts]) =>
    Object.entries(texts).map(([name, text]) => [`/proc/${pid}/${name}`, text] as const),
  );
  const host = recordedHost({
    files: {
      ...Object.fromEntries(files),
      '/proc/meminfo': 'MemTotal: 2000000 kB\nMemAvailable: 500000 kB\n',
    },
    links: { '/proc/12/exe': '/usr/bin/node' },
    facts: {
      '/var/log/syslog': { kind: 'file', bytes: 5_000_000 },
      '/var/log/dpkg.log': { kind: 'file', bytes: 5_000 },
    },
  });
  expect(await takeSample(new Patient(host))).toEqual({
    atMs: host.nowMs,
    memoryAvailableBytes: 512_000_000,
    services: { 'shop.service': 3_072_000, node: 512_000 },
    logs: { '/var/log/syslog': 5_000_000 },
  });
});

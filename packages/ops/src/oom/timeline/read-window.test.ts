import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';
import { accessTime } from './access-log.ts';
import { readWindow } from './read-window.ts';

const START = Date.parse('2026-05-01T00:00:00Z');

/** A line each second, with one in ten that has no time. */
function log(seconds: number): string {
  const lines: string[] = [];
  for (let second = 0; second < seconds; second += 1) {
    const time = new Date(START + second * 1_000).toISOString();
    lines.push(`{"time":"${time}","status":200,"request":${second},"padding":"${'x'.repeat(100)}"}`);
    if (second % 10 === 0) lines.push('    at somewhere (file.js:1:1)');
  }
  return `${lines.join('\n')}\n`;
}

async function told(path: string, from: number, to: number, limits = {}) {
  const requests: number[] = [];
  const span = { fromMs: START + from * 1_000, toMs: START + to * 1_000 };
  const read = await readWindow(
    path,
    span,
    accessTime,
    (line) => requests.push(Number(/"request":(\d+)/.exec(line)?.[1])),
    limits,
  );
  return { requests, ...read };
}

it('finds a span in a long file without reading what is before it', async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, 'access.log');
  await writeFile(path, log(40_000));
  // Before the span are 5 MiB; reading them would be too much.
  const found = await told(path, 30_000, 30_010, { mostBytes: 1_000_000 });
  expect(found).toMatchObject({ isCut: false, lines: 10 });
  expect(found.requests[0]).toBe(30_000);
  expect((await told(path, -50, 5)).requests).toEqual([0, 1, 2, 3, 4]);
  expect((await told(path, 39_998, 50_000)).requests).toEqual([39_998, 39_999]);
  expect((await told(path, 90_000, 90_010)).requests).toEqual([]);
});

it('reads packed files from their start', async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, 'access.log.2.gz');
  await writeFile(path, gzipSync(log(1_000)));
  expect((await told(path, 500, 503)).requests).toEqual([500, 501, 502]);
});

it('says where it had to stop', async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, 'access.log');
  await writeFile(path, log(2_000));
  expect((await told(path, 0, 2_000, { mostBytes: 10_000 })).isCut).toBe(true);
});

it('reads what has no times at all, and finds nothing', async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, 'x.log');
  await writeFile(path, 'no time here\n'.repeat(50_000));
  expect(await told(path, 0, 10)).toEqual({ requests: [], lines: 0, isCut: false });
});

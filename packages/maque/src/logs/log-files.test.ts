import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';
import { findLogs, LogFollower, lastLines } from './log-files.ts';

const at = (second: number) => `2026-11-20T03:00:${String(second).padStart(2, '0')}.000Z`;
const output = (second: number, rest: string) => `${at(second)} ${rest}\n`;
const server = (second: number, facts: object) =>
  `${JSON.stringify({ level: 30, worker: 'w1', time: Date.parse(at(second)), ...facts })}\n`;

it('puts what was printed and what was logged in one order, over rotated files', async () => {
  await using temp = await tempFolder();
  const write = (name: string, ...lines: string[]) => writeFileSync(join(temp.path, name), lines.join(''));
  write('output.1.log', output(1, 'keeper evt Worker w1 started'), output(2, 'w2 out two'));
  write('output.log', output(5, 'w1 err five'), 'torn line\n', output(7, 'w1 out   indented'));
  const request = { msg: 'request', method: 'GET', url: '/api/me', status: 200, ms: 1.5, user: 'u1' };
  write(
    'w1.1.log',
    server(3, { level: 50, msg: 'it failed', err: { message: 'boom', stack: 'Error: boom\n  at x' } }),
  );
  write('w1.log', server(4, request), server(6, { msg: 'serving', url: 'http://127.0.0.1:8080' }));
  write('notes.log', 'somebody else’s\n');
  mkdirSync(join(temp.path, 'w2.log.d'));

  const files = findLogs(temp.path);
  const texts = (filter: Parameters<typeof lastLines>[1], limit: number) =>
    lastLines(files, filter, limit).map(({ who, kind, text }) => `${who} ${kind} ${text}`);
  const all = [
    'keeper evt Worker w1 started',
    'w2 out two',
    'w1 log error it failed Error: boom\n  at x',
    'w1 request GET /api/me 200 1.5 ms u1',
    'w1 err five',
    'w1 log info serving {"url":"http://127.0.0.1:8080"}',
    'w1 out   indented',
  ];
  expect(texts(() => true, 100)).toEqual(all);
  expect(texts(() => true, 3)).toEqual(all.slice(-3));
  expect(texts(({ who }) => who === 'w2', 1)).toEqual(['w2 out two']);
});

it('follows files that appear later too', async () => {
  await using temp = await tempFolder();
  const folder = join(temp.path, 'logs');
  using follower = new LogFollower(folder);
  expect(follower.read()).toEqual([]);
  mkdirSync(folder);
  writeFileSync(join(folder, 'output.log'), output(1, 'w1 out hello'));
  follower.read();
  expect(follower.read()).toMatchObject([{ who: 'w1', text: 'hello' }]);
});

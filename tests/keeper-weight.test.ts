import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KiB, MiB } from '@maque/kit';
import { runMaque } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect, it } from 'vitest';

// Three hours of two workers' heartbeats, as fast as the keeper takes them.
const HEARTBEATS_EACH = 10_000;

const APP = `
  const { appendFileSync } = require('node:fs');
  let last;
  const send = process.send.bind(process);
  process.send = (message, ...rest) => {
    if (message?.type === 'status' && last === undefined) appendFileSync('beating', process.pid + ' ');
    if (message?.type === 'status') last = message;
    return send(message, ...rest);
  };
  const repeat = (left) => {
    for (let sent = 0; sent < 50; sent += 1) send(last);
    if (left > 50) setTimeout(repeat, 5, left - 50);
    else appendFileSync('repeated', '.');
  };
  process.on('SIGUSR2', () => repeat(${HEARTBEATS_EACH}));
  require('node:http').createServer((request, response) => response.end(String(process.pid))).listen(0);`;

function rssOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * KiB;
}

function textIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

it('a keeper stays as small as it was, however many heartbeats it has heard', async () => {
  await using folder = await tempFolder();
  await writeFile(join(folder.path, 'app.cjs'), APP);
  const args = ['run', '--memory', '700M', '--workers', '2', '--metrics-port', '0', 'app.cjs'];
  await using keeper = await runMaque(args, { cwd: folder.path });
  await keeper.line(/Memory budget/);
  const pids = await waitUntil('a heartbeat of each worker', () => {
    const all = textIn(join(folder.path, 'beating')).trim().split(' ');
    return all.length === 2 && all.map(Number);
  });
  const before = rssOf(keeper.pid);
  for (const pid of pids) process.kill(pid, 'SIGUSR2');
  await waitUntil('all heartbeats', () => textIn(join(folder.path, 'repeated')).length === 2);
  // Measured: 54 MiB and 0.5 more, of which 40 are pages of Node's own file. With V8's optimizing compilers 57 and 12.
  expect(before / MiB).toBeLessThan(58);
  expect((rssOf(keeper.pid) - before) / MiB).toBeLessThan(3);
});

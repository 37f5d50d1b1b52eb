import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect, it } from 'vitest';
import { EventLog } from './event-log.ts';
import type { KeeperEvent } from './keeper-events.ts';
import { EventFile, readEventFile } from './logs/event-file.ts';

function openLog(path: string, events: KeeperEvent[] = []): EventLog {
  return new EventLog((event) => void events.push(event), new EventFile(path));
}

it('tells the next keeper what happened to the last one, and counts on', async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, 'events.jsonl');
  const first = openLog(path);
  first.add('WORKER_EXITED', { worker: 'w1', exit: { cause: 'KILLED', exitCode: null, signal: 'SIGKILL' } });
  first.add('STOPPED', {});
  await first.close();
  // As a full disk leaves it behind, and somebody's note.
  appendFileSync(path, '{"seq":3,"at":"2026-11-2\nnot an event\n{"seq":4}\n');

  const second = openLog(path);
  second.add('KEEPER_STARTED', { pid: 1 });
  expect(second.after(1).map(({ seq, code }) => [seq, code])).toEqual([
    [2, 'STOPPED'],
    [3, 'KEEPER_STARTED'],
  ]);
  await second.close();
  expect(readEventFile(path, 10)).toEqual(second.after(0));
  expect(readEventFile(path, 2)).toEqual(second.after(1));
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('is bounded in memory and on disk, and reads across both files', async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, 'events.jsonl');
  const file = new EventFile(path, { maxBytes: 20_000 });
  const log = new EventLog(() => {}, file);
  for (let round = 0; round < 20; round += 1) {
    for (let number = 0; number < 50; number += 1) log.add('WORKER_RECYCLED', { worker: 'w1' });
    await waitUntil('the disk', () => readEventFile(path, 1)[0]?.seq === (round + 1) * 50);
  }
  await log.close();
  expect(log.after(0).map(({ seq }) => seq)).toEqual(Array.from({ length: 256 }, (_, at) => 745 + at));
  expect(readdirSync(temp.path).sort()).toEqual(['events.1.jsonl', 'events.jsonl']);
  for (const name of readdirSync(temp.path)) {
    expect(readFileSync(join(temp.path, name)).length).toBeLessThanOrEqual(20_000);
  }
  const seqs = readEventFile(path, 200).map(({ seq }) => seq);
  expect(seqs).toEqual(Array.from({ length: 200 }, (_, at) => 801 + at));
});

it.each([
  ['full', (path: string) => symlinkSync('/dev/full', path)],
  ['not a file', (path: string) => mkdirSync(path)],
])('goes on in memory when the place for them is %s', async (_, spoil) => {
  await using temp = await tempFolder();
  const path = join(temp.path, 'events.jsonl');
  spoil(path);
  const faults: Error[] = [];
  const log = new EventLog(() => {}, new EventFile(path, { onFault: (fault) => void faults.push(fault) }));
  log.add('STOPPING', { reason: 'SIGTERM' });
  await waitUntil('the fault', () => faults.length === 1);
  log.add('STOPPED', {});
  expect(log.after(0)).toHaveLength(2);
  await log.close();
});

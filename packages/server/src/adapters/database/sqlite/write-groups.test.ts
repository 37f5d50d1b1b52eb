import { setImmediate as nextTurn } from 'node:timers/promises';
import { createManualClock } from '@maque/kit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { LogSync } from './log-sync.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { WriteGroups } from './write-groups.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout'] }));
afterEach(() => vi.useRealTimers());

/** Groups on a database that does nothing and a disk that takes no time, and at what times they were committed. */
function startGroups() {
  const clock = createManualClock();
  const startedAtMs = clock.monotonic();
  const commits: number[] = [];
  const writer = { exec() {}, isInTransaction: true } as unknown as SqliteConnection;
  const log = { isRunning: false, fault: undefined, flushed: async () => {} } as unknown as LogSync;
  const onCommit = () => commits.push(clock.monotonic() - startedAtMs);
  const groups = new WriteGroups(writer, { maxWaiting: 100, maxWaitMs: 1_000, clock, log, onCommit });
  const write = () => void groups.submit(() => {});
  return {
    commits,
    write,
    async pass(ms: number) {
      clock.advance(ms);
      vi.advanceTimersByTime(ms);
      for (let turn = 0; turn < 3; turn += 1) await nextTurn();
    },
  };
}

it('writes gather while more keep coming, for 6 ms at most', async () => {
  const { commits, write, pass } = startGroups();
  write();
  write();
  await pass(0);
  expect(commits).toEqual([0]);
  for (let half = 0; half < 11; half += 1) {
    write();
    await pass(0.5);
  }
  expect(commits).toEqual([0]);
  await pass(0.5);
  expect(commits).toEqual([0, 6]);
});

it('writes wait no longer than 2 ms for others that do not come, and a lone one not at all', async () => {
  const { commits, write, pass } = startGroups();
  write();
  write();
  await pass(0);
  write();
  await pass(1);
  expect(commits).toEqual([0]);
  await pass(1);
  expect(commits).toEqual([0, 2]);
  write();
  await pass(0);
  expect(commits).toEqual([0, 2, 2]);
});

import { join } from 'node:path';
import { MiB, SECOND, systemClock } from '@maque/kit';
import { type MemoryCgroup, memoryCgroup } from '@maque/testkit/process/memory-cgroup';
import { spawnProcess, type TestProcess } from '@maque/testkit/process/spawn-process';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect, it } from 'vitest';
import { type BoxNews, BoxWatch } from './box-watch.ts';
import { createProcFiles } from './proc-files.ts';

const GROWING = join(import.meta.dirname, '../../testing/fixtures/growing-process.mjs');
const RULES = { recycleMs: 11 * SECOND };
const TICK_MS = 250;

/** A developer's machine may not allow cgroups; where a release is checked, REQUIRE_CGROUP=1 says that it must. */
async function groupOf(limitMib: number): Promise<MemoryCgroup | undefined> {
  try {
    return await memoryCgroup(limitMib * MiB);
  } catch (error) {
    if (process.env.REQUIRE_CGROUP === '1') throw error;
    return undefined;
  }
}

/** Starts a process that holds so much and grows so fast, inside the group. */
async function grower(group: MemoryCgroup, atOnceMib: number, perSecondMib: number): Promise<TestProcess> {
  const { command, args } = group.wrap(process.execPath, [GROWING, String(atOnceMib), String(perSecondMib)]);
  return spawnProcess(command, args);
}

/** Watches as a keeper would that is a member of the group that `member` is in. */
function watchFrom(member: TestProcess) {
  const files = createProcFiles();
  const mapped = (path: string) => (path === '/proc/self/cgroup' ? `/proc/${member.pid}/cgroup` : path);
  const watch = new BoxWatch(
    { ...files, readOnce: (path) => files.readOnce(mapped(path)) },
    systemClock,
    RULES,
  );
  return { watch, [Symbol.dispose]: () => watch.close() };
}

/** Ticks until something is to be done that `ends`. */
async function ticks(
  watch: BoxWatch,
  workers: Record<string, { process: TestProcess; budgetMib: number }>,
  ends: (news: BoxNews) => boolean,
): Promise<BoxNews> {
  let nextMs = 0;
  return waitUntil(
    'a decision',
    () => {
      if (performance.now() < nextMs) return undefined;
      nextMs = performance.now() + TICK_MS;
      const watched = Object.entries(workers).map(([id, { process, budgetMib }]) => ({
        id,
        pid: process.pid,
        phase: 'ready' as const,
        budgetBytes: budgetMib * MiB,
        status: null,
      }));
      const news = watch.look(watched);
      return ends(news) ? news : undefined;
    },
    25_000,
  );
}

it('asks for a replacement at 10 MB/s with ten seconds left, of the one that grows', async ({ skip }) => {
  await using group = await groupOf(512);
  if (group === undefined) return skip('this machine does not allow a memory cgroup');
  await using large = await grower(group, 100, 0);
  await using growing = await grower(group, 200, 10);
  await Promise.all([large.line(/holds/), growing.line(/holds/)]);
  using watching = watchFrom(growing);
  const workers = {
    w1: { process: large, budgetMib: 400 },
    w2: { process: growing, budgetMib: 230 },
  };
  const { recycle, kill } = await ticks(
    watching.watch,
    workers,
    (now) => now.recycle !== null || now.kill !== null,
  );
  expect(kill).toBeNull();
  expect(recycle).toMatchObject({ worker: 'w2', code: 'box' });
  expect(recycle?.roomBytes).toBeGreaterThan(100 * MiB);
  expect(group.oomKills()).toBe(0);
});

it('kills at 50 MB/s before the kernel has to', async ({ skip }) => {
  await using group = await groupOf(512);
  if (group === undefined) return skip('this machine does not allow a memory cgroup');
  await using calm = await grower(group, 50, 0);
  await using growing = await grower(group, 150, 50);
  await Promise.all([calm.line(/holds/), growing.line(/holds/)]);
  using watching = watchFrom(growing);
  const workers = {
    w1: { process: growing, budgetMib: 165 },
    w2: { process: calm, budgetMib: 165 },
  };
  const { kill } = await ticks(watching.watch, workers, (now) => now.kill !== null);
  growing.signal('SIGKILL');
  expect(kill).toMatchObject({ worker: 'w1', code: 'limit' });
  expect(await growing.exit()).toMatchObject({ signal: 'SIGKILL' });
  expect(group.oomKills()).toBe(0);
  expect(watching.watch.explainKill('w1')).toBeNull();
});

it('knows that it was the kernel who killed one that took all in one gulp', async ({ skip }) => {
  await using group = await groupOf(256);
  if (group === undefined) return skip('this machine does not allow a memory cgroup');
  await using calm = await grower(group, 10, 0);
  await calm.line(/holds/);
  using watching = watchFrom(calm);
  const none = await ticks(watching.watch, { w1: { process: calm, budgetMib: 100 } }, () => true);
  expect(none.oomKills).toBeNull();
  await using greedy = await grower(group, 600, 0);
  expect(await greedy.exit()).toMatchObject({ signal: 'SIGKILL' });
  expect(watching.watch.explainKill('w2')).toMatchObject({ kind: 'cgroup', limitBytes: 256 * MiB });
});

it('takes a group full of page cache for a group with room', async ({ skip }) => {
  await using group = await groupOf(256);
  if (group === undefined) return skip('this machine does not allow a memory cgroup');
  await using folder = await tempFolder();
  // It grows a little within its budget, so that there is a look at every tick.
  await using growing = await grower(group, 10, 2);
  await growing.line(/holds/);
  using watching = watchFrom(growing);
  const file = join(folder.path, 'large');
  const { command, args } = group.wrap('dd', ['if=/dev/zero', `of=${file}`, 'bs=1M', 'count=1000']);
  await using filling = await spawnProcess(command, args);
  const short: string[] = [];
  await ticks(watching.watch, { w1: { process: growing, budgetMib: 150 } }, ({ reasons }) => {
    short.push(...reasons.map(({ code }) => code));
    return filling.ended();
  });
  expect(short).toEqual([]);
  expect(watching.watch.view?.usedBytes).toBeLessThan(120 * MiB);
});

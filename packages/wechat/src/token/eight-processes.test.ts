import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { HOUR, MINUTE } from '@maque/kit';
import { expect, it } from 'vitest';
import { startSimulator } from '../with-simulator.fixture.ts';
import { openSqliteTokenStore } from './sqlite-token-store.fixture.ts';
import type { ProcessOrder, ProcessReport, ProcessTask } from './token-process.fixture.ts';

const PROCESSES = 8;
const CALLS_EACH = 1_000;

/** How much time passes before each round, how often the token is killed in the middle of it, and how many end by that. */
const ROUNDS: readonly { readonly advanceMs: number; readonly kills: number; readonly ends: number }[] = [
  // The first token is fetched.
  { advanceMs: 0, kills: 0, ends: 1 },
  // Ended, for all of them at once.
  { advanceMs: 3 * HOUR, kills: 0, ends: 1 },
  // In its last minutes: renewed in the background, while all go on with the old one.
  { advanceMs: 2 * HOUR - 4 * MINUTE + 1, kills: 0, ends: 1 },
  { advanceMs: 0, kills: 1, ends: 1 },
  { advanceMs: 2 * HOUR, kills: 1, ends: 2 },
  { advanceMs: MINUTE, kills: 3, ends: 3 },
  // Killed while it is being renewed.
  { advanceMs: 2 * HOUR - MINUTE, kills: 2, ends: 3 },
  { advanceMs: 2 * HOUR, kills: 0, ends: 1 },
];

/** Eight processes that have nothing in common but a SQLite file. */
async function startProcesses() {
  const sim = await startSimulator();
  const folder = mkdtempSync(join(tmpdir(), 'eight-processes-'));
  const storeFile = join(folder, 'token.sqlite');
  const store = openSqliteTokenStore(storeFile);
  const owner = await sim.createClient().code2Session('demo-1');
  const task: ProcessTask = { baseUrl: sim.baseUrl, storeFile, owner };
  const children = Array.from({ length: PROCESSES }, () =>
    fork(join(import.meta.dirname, 'token-process.fixture.ts'), [JSON.stringify(task)], { execArgv: [] }),
  );
  return {
    ...sim,
    /** All of them call, and report when they are through. */
    round: (order: ProcessOrder) => Promise.all(children.map((child) => obey(child, order))),
    /** Nobody is fetching: time may jump without a claim running out under a fetch, which in truth ends before that. */
    settled: () => untilTrue(async () => (await store.read())?.claimedUntilMs === 0),
    /** Kills the token while it is in use; answers when it was replaced, or when nobody calls any more. */
    async killInUse(through: Promise<unknown>) {
      let isThrough = false;
      const end = () => {
        isThrough = true;
      };
      through.then(end, end);
      const generation = async () => (await store.read())?.generation ?? 0;
      await untilTrue(() => isThrough || sim.simulator.calls.at(-1)?.outcome === 0);
      const before = await generation();
      sim.simulator.inject({ kind: 'kill-token' });
      await untilTrue(async () => isThrough || (await generation()) > before);
    },
    async [Symbol.asyncDispose]() {
      for (const child of children) child.kill();
      await Promise.all(children.filter(isAlive).map((child) => once(child, 'exit')));
      await sim[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    },
  };
}

async function untilTrue(check: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + MINUTE;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error('it never came to pass');
    await wait(5);
  }
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

async function obey(child: ChildProcess, order: ProcessOrder): Promise<ProcessReport> {
  child.send(order);
  const ended = once(child, 'exit').then(() => {
    throw new Error('a process ended before it was through');
  });
  const [report] = await Promise.race([once(child, 'message'), ended]);
  return report as ProcessReport;
}

function sumOf(
  reports: readonly ProcessReport[],
  what: 'succeeded' | 'fetches' | 'forced' | 'refusals',
): number {
  return reports.reduce((sum, report) => sum + report[what], 0);
}

it('eight processes lose none of 8,000 calls, fetch one token for each that ends or dies, and never by force', async () => {
  await using all = await startProcesses();
  let reports: readonly ProcessReport[] = [];
  for (const [index, { advanceMs, kills }] of ROUNDS.entries()) {
    if (index > 0) await all.settled();
    all.clock.advance(advanceMs);
    const through = all.round({ advanceMs, calls: CALLS_EACH / ROUNDS.length });
    for (let kill = 1; kill <= kills; kill += 1) await all.killInUse(through);
    reports = await through;
  }
  expect(reports.flatMap(({ lost }) => lost)).toEqual([]);
  expect(sumOf(reports, 'succeeded')).toBe(PROCESSES * CALLS_EACH);
  expect(sumOf(reports, 'forced')).toBe(0);
  const ends = ROUNDS.reduce((sum, round) => sum + round.ends, 0);
  expect(sumOf(reports, 'fetches')).toBeLessThanOrEqual(ends);
  // Something was to be lost: each round has a token end, and calls met the refusal of one.
  expect(sumOf(reports, 'fetches')).toBeGreaterThanOrEqual(ROUNDS.length);
  expect(sumOf(reports, 'refusals')).toBeGreaterThan(0);
}, 120_000);

import { systemClock } from '@maque/kit';
import { expect, it } from 'vitest';
import { type Findings, noFindings } from './investigation.ts';
import type { LeakReport } from './leak-report.ts';
import { makeReport } from './make-report.ts';
import { ShortTurns } from './short-turns.ts';

const BINS = 200;
const BIN_MS = 250;
const refresh = { functionName: 'refresh', url: 'file:///srv/app/rates.js', line: 3, column: 1 };
const stack = [refresh];

/** @param bins in which one object each was allocated that stays. */
function foundIn(bins: readonly number[], traffic: Findings['traffic']): Findings {
  return {
    ...noFindings(0),
    endedAtMs: BINS * BIN_MS,
    survivors: bins.map((bin) => ({ bytes: 1_000, ordinal: bin, stack, atMs: (bin + 0.5) * BIN_MS })),
    profileRead: true,
    refused: [],
    followedShare: 1,
    traffic,
    binMs: BIN_MS,
  };
}

async function reportOn(findings: Findings): Promise<Omit<LeakReport, 'cost'>> {
  const facts = {
    atMs: 0,
    uptimeMs: 60_000,
    folder: '/srv/app',
    script: 'app.js',
    verdict: null,
    declared: [],
  };
  return await makeReport(findings, facts, new ShortTurns(systemClock));
}

const all = Array.from({ length: BINS }, (_, bin) => bin);
const every = (step: number) => Float64Array.from(all, (bin) => (bin % step === 0 ? 2 : 0));
const traffic = new Map([
  ['GET /products', every(3)],
  ['GET /rates', every(5)],
  ['GET /me', every(7)],
]);

it('calls no route the first to look at where none is likely, and names the place', async () => {
  // A timer: one in each bin, whoever asks for what.
  const report = await reportOn(foundIn(all, traffic));
  expect(report.routes.length).toBeGreaterThan(0);
  expect(report.lookFirst).toMatchObject({ route: null, site: { function: 'refresh' } });
});

it('names the route whose requests explain what stays', async () => {
  const bins = all.filter((bin) => bin % 5 === 0);
  const report = await reportOn(foundIn(bins, traffic));
  expect(report.lookFirst.route).toBe('GET /rates');
});

it('holds only the time of the profile against the traffic', async () => {
  // The profile was started anew in the middle: before, GET /rates was asked most, and nothing could be seen.
  const from = BINS / 2;
  const early = Float64Array.from(all, (bin) => (bin < from ? 4 : bin % 5 === 0 ? 2 : 0));
  const bins = all.filter((bin) => bin >= from && bin % 5 === 0);
  const findings = foundIn(bins, new Map([...traffic, ['GET /rates', early]]));
  const report = await reportOn({ ...findings, profiledFromMs: from * BIN_MS });
  expect(report.lookFirst.route).toBe('GET /rates');
});

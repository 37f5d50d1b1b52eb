import type { Confirmation, LeakState, Pool } from '@maque/guard';
import { type Bytes, MiB, SECOND } from '@maque/kit';
import { type AutopsyVerdict, AUTOPSY_POOLS as POOLS } from './autopsy-summary.ts';

/** What is the matter with a worker's memory. */
export interface Diagnosis {
  readonly verdict: AutopsyVerdict;
  readonly isConfirmed: boolean;
  readonly pool: Pool | null;
  readonly bytesPerSecond: number | null;
}

// What 200 connections and their requests hold, which are gone when the last collection is made and were there at the
// one before: growth of so much may be hidden.
const GONE_WITH_TRAFFIC: Bytes = 8 * MiB;

const HEALTHY = { verdict: 'healthy', pool: null, bytesPerSecond: null } as const;

// Where the limit is far, a share of the way to it says little: on a box with much room, what a worker may take is less.
// Native memory is also what malloc keeps of what was freed, so it wanders more.
const MUCH: Readonly<Record<Pool, Bytes>> = { heap: 8 * MiB, external: 8 * MiB, native: 32 * MiB };
const MUCH_SHARE = 0.2;

// From here on the detector itself says that a pool grows.
const GROWS = 0.8;

/**
 * Puts the forecasts of a live process and the full collections after its last request together. Collections overrule
 * forecasts where they can: what did not grow is no leak, however the floor had wavered; and what grew that nobody had
 * suspected is called growing only, for a cache that fills looks the same.
 */
export function diagnose(leaks: LeakState, confirmed: Confirmation | null): Diagnosis {
  const since = confirmed?.since ?? null;
  if (leaks.suspected !== null) return diagnoseSuspected(leaks, leaks.suspected, since);
  return grownUnsuspected(confirmed) ?? grownByForecast(leaks, since) ?? nothingGrows(leaks, since);
}

type Since = Confirmation['since'];

function diagnoseSuspected(leaks: LeakState, pool: Pool, since: Since): Diagnosis {
  const verdict = leaks.levels[pool] === 'leaking' ? 'leaking' : 'growing';
  const forecast = [...leaks.near, ...leaks.slow].find((each) => each.pool === pool)?.bytesPerSecond ?? null;
  const growth = since?.growth[pool] ?? null;
  if (growth !== null && growth.verdict !== 'healthy') {
    return { verdict: growth.verdict, isConfirmed: true, pool, bytesPerSecond: growth.bytesPerSecond };
  }
  if (isRefuted(pool, forecast, since)) return { ...HEALTHY, isConfirmed: true };
  const isSure = growth === null;
  return { verdict: isSure ? verdict : 'growing', isConfirmed: false, pool, bytesPerSecond: forecast };
}

function grownUnsuspected(confirmed: Confirmation | null): Diagnosis | null {
  const grown = POOLS.flatMap((pool) => {
    const growth = confirmed?.since?.growth[pool] ?? null;
    if (growth === null) return [];
    const much = Math.max(MUCH[pool], (confirmed?.live[pool] ?? 0) * MUCH_SHARE);
    return growth.verdict !== 'healthy' || growth.bytes >= much ? { pool, ...growth } : [];
  });
  const [most] = grown.sort((a, b) => b.bytes - a.bytes);
  if (most === undefined) return null;
  const { pool, bytesPerSecond } = most;
  return { verdict: 'growing', isConfirmed: true, pool, bytesPerSecond };
}

function grownByForecast({ near }: LeakState, since: Since): Diagnosis | null {
  const [most] = near
    .filter(({ growthProbability }) => growthProbability >= GROWS)
    .filter(({ pool, bytesPerSecond }) => !isRefuted(pool, bytesPerSecond, since))
    .sort((a, b) => b.leakProbability - a.leakProbability);
  if (most === undefined) return null;
  const { pool, bytesPerSecond } = most;
  return { verdict: 'growing', isConfirmed: false, pool, bytesPerSecond };
}

function nothingGrows({ near }: LeakState, since: Since): Diagnosis {
  const isKnown = since !== null || near.some(({ verdict }) => verdict !== 'not-enough-evidence');
  return { ...HEALTHY, verdict: isKnown ? 'healthy' : 'unknown', isConfirmed: since !== null };
}

/** Whether far less has come than the forecast says; garbage that was counted before would look the same. */
function isRefuted(pool: Pool, forecast: number | null, since: Since): boolean {
  const growth = since?.growth[pool] ?? null;
  if (since === null || growth === null || !since.isExact) return false;
  const expected: Bytes = ((forecast ?? 0) * since.elapsedMs) / SECOND;
  return expected - growth.bytes >= Math.max(GONE_WITH_TRAFFIC, expected / 2);
}

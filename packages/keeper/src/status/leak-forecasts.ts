import type { LeakOutlook } from '@maque/contract';
import { looseObject, numberOrNull } from './loose-values.ts';

const POOLS: readonly string[] = ['heap', 'external', 'native'] satisfies LeakOutlook['pool'][];
const VERDICTS: readonly string[] = [
  'warming-up',
  'not-enough-evidence',
  'healthy',
  'growing',
  'leaking',
] satisfies LeakOutlook['verdict'][];

// More likely than not.
const LIKELY = 0.5;

/** Reads what a heartbeat forecasts; what is not a forecast of a known pool counts as not told. */
export function readForecasts(told: unknown): LeakOutlook[] {
  if (!Array.isArray(told)) return [];
  return told.slice(0, POOLS.length).flatMap((one: unknown) => readForecast(one) ?? []);
}

/** The pool that most needs a look; null when none grows. */
export function worstForecast(forecasts: readonly LeakOutlook[]): LeakOutlook | null {
  const growing = forecasts.filter(
    ({ verdict, probability }) => verdict === 'growing' || verdict === 'leaking' || probability >= LIKELY,
  );
  return growing.sort((a, b) => b.probability - a.probability)[0] ?? null;
}

function readForecast(told: unknown): LeakOutlook | undefined {
  const { pool, verdict, probability, bytesPerSecond, timeToLimitMs } = looseObject<LeakOutlook>(told);
  const likelihood = numberOrNull(probability);
  const rate = numberOrNull(bytesPerSecond);
  if (!isPool(pool) || !isVerdict(verdict) || likelihood === null || rate === null) return undefined;
  return {
    pool,
    verdict,
    probability: Math.min(1, Math.max(0, likelihood)),
    bytesPerSecond: rate,
    timeToLimitMs: numberOrNull(timeToLimitMs),
  };
}

function isPool(value: unknown): value is LeakOutlook['pool'] {
  return typeof value === 'string' && POOLS.includes(value);
}

function isVerdict(value: unknown): value is LeakOutlook['verdict'] {
  return typeof value === 'string' && VERDICTS.includes(value);
}

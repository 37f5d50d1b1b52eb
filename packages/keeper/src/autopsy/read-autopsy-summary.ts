import type { Text } from '@maque/kit';
import { looseObject, numberOrNull } from '../status/loose-values.ts';
import {
  AUTOPSY_POOLS,
  AUTOPSY_TEXT_LIMITS,
  AUTOPSY_VERDICTS,
  type AutopsySummary,
} from './autopsy-summary.ts';
import { cleanText } from './clean-text.ts';

/**
 * Reads what a worker says of its autopsy. It comes from another process, whose code is anybody's: numbers must be
 * numbers, words known ones, and texts are cut and made harmless.
 * @returns null for what is no summary.
 */
export function readAutopsySummary(raw: unknown): AutopsySummary | null {
  const told = looseObject<AutopsySummary>(raw);
  const { route, place, file, reason, lines } = AUTOPSY_TEXT_LIMITS;
  const verdict = AUTOPSY_VERDICTS.find((each) => each === told.verdict);
  const pool = told.pool === null ? null : AUTOPSY_POOLS.find((each) => each === told.pool);
  const firstLines = readText(told.firstLines, lines);
  const pauseMs = amount(told.pauseMs);
  const tookMs = amount(told.tookMs);
  if (verdict === undefined || pool === undefined || typeof told.isConfirmed !== 'boolean') return null;
  if (firstLines === null || pauseMs === null || tookMs === null) return null;
  return {
    verdict,
    isConfirmed: told.isConfirmed,
    pool,
    bytesPerSecond: numberOrNull(told.bytesPerSecond),
    liveBytes: amount(told.liveBytes),
    limitBytes: amount(told.limitBytes),
    route: line(told.route, route),
    place: line(told.place, place),
    reportFile: path(told.reportFile, file),
    snapshotFile: path(told.snapshotFile, file),
    snapshotRefusal: readText(told.snapshotRefusal, reason),
    firstLines,
    pauseMs,
    tookMs,
  };
}

function amount(value: unknown): number | null {
  const number = numberOrNull(value);
  return number === null || number < 0 ? null : number;
}

function line(value: unknown, maxLength: number): string | null {
  return typeof value === 'string' && value !== '' ? cleanText(value, maxLength) : null;
}

/** A path that had to be changed leads nowhere, or elsewhere. */
function path(value: unknown, maxLength: number): string | null {
  return typeof value === 'string' && value !== '' && cleanText(value, maxLength) === value ? value : null;
}

function readText(value: unknown, maxLength: number): Text | null {
  const { en, zh } = looseObject<Text>(value);
  if (typeof en !== 'string' || typeof zh !== 'string') return null;
  return { en: cleanText(en, maxLength, 'lines'), zh: cleanText(zh, maxLength, 'lines') };
}

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { DAY, MINUTE, type Milliseconds, parseDuration } from '@maque/kit';
import { type Around, parseZone } from '@maque/ops/oom';
import { stateFolder } from '../changes/state-folder.ts';
import type { Invocation } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';

/** What of the time around kills is looked at, and where. */
export interface TimelineOptions {
  readonly around: Around;
  /** East of UTC; undefined for this machine's zone. */
  readonly zoneMinutes: number | undefined;
  /** Told, or undefined for where the machine has them. */
  readonly dataDir: string | undefined;
  readonly accessLogs: readonly string[] | undefined;
  readonly state: string | undefined;
  /** Where samples and data lie unless told. */
  readonly usualState: string;
  readonly usualDataDir: string;
}

const AROUND_MS: Milliseconds = 30 * MINUTE;
const LEAST_AROUND_MS: Milliseconds = MINUTE;

/** @throws CodedError DURATION_INVALID, ZONE_INVALID */
export function timelineOptions({ options, surroundings }: Invocation): TimelineOptions {
  const { cwd, env } = surroundings;
  const beforeMs = aroundOf(options.around);
  const path = (told: string | boolean | undefined) =>
    typeof told === 'string' ? resolve(cwd, told.replace(/^~(?=\/)/, homedir())) : undefined;
  const accessLog = options['access-log'];
  return {
    // What comes after a kill is over sooner than what led to it.
    around: { beforeMs, afterMs: beforeMs / 2 },
    zoneMinutes: zoneOf(options.zone),
    dataDir: path(options['data-dir']),
    accessLogs:
      typeof accessLog === 'string' ? accessLog.split(',').map((each) => resolve(cwd, each)) : undefined,
    state: path(options.state),
    usualState: stateFolder({
      command: 'doctor',
      told: undefined,
      root: '/',
      isRoot: process.getuid?.() === 0,
      cwd,
      env,
    }),
    usualDataDir: resolve(cwd, env.MAQUE_DATA_DIR ?? join('.', 'data')),
  };
}

function aroundOf(told: string | boolean | undefined): Milliseconds {
  if (typeof told !== 'string') return AROUND_MS;
  try {
    return Math.min(DAY, Math.max(LEAST_AROUND_MS, parseDuration(told)));
  } catch (cause) {
    throw commandErrors.DURATION_INVALID({ data: { option: '--around', value: told }, cause });
  }
}

function zoneOf(told: string | boolean | undefined): number | undefined {
  if (typeof told !== 'string') return undefined;
  const minutes = parseZone(told);
  if (minutes === undefined) throw commandErrors.ZONE_INVALID({ data: { zone: told } });
  return minutes;
}

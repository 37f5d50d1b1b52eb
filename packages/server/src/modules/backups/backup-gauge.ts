import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metric } from '@maque/guard';
import { type Clock, HOUR, LastReading, MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import type { RouteLog } from '../../define/route.ts';
import { BACKUP_FILES, backupTimeMs, isBackupName } from './backup-manifest.ts';

export interface BackupGaugeOptions {
  /** Of the backups in the data folder. */
  readonly folder: string;
  readonly log: RouteLog;
  readonly clock: Clock;
}

/** A backup is made once a day or so. */
const EVERY_MS: Milliseconds = MINUTE;
/** A folder that could not be read for longer may hold anything. */
const GOOD_FOR_MS: Milliseconds = HOUR;

/**
 * When the newest backup in the data folder was made, for metrics. Any worker may have made it, also one that has ended, so
 * the folder is asked. None where there is no backup, or where they go to an object store.
 */
export class BackupGauge {
  readonly #newest: LastReading<Milliseconds | undefined>;

  constructor({ folder, log, clock }: BackupGaugeOptions) {
    this.#newest = new LastReading({
      read: () => newestIn(folder),
      onFailure: (error) => log.warn({ err: error }, 'backups could not be listed'),
      everyMs: EVERY_MS,
      goodForMs: GOOD_FOR_MS,
      clock,
    });
  }

  metrics(): Metric[] {
    const newestMs = this.#newest.get();
    return [
      {
        type: 'gauge',
        name: 'maque_backup_last_success_timestamp_seconds',
        help: 'When the newest backup in the data folder was made, by any worker',
        samples: newestMs === undefined ? [] : [{ value: newestMs / SECOND }],
      },
    ];
  }
}

async function newestIn(folder: string): Promise<Milliseconds | undefined> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const names = entries.filter(isBackupName).sort().reverse();
  for (const name of names) if (await isWhole(join(folder, name))) return backupTimeMs(name);
  return undefined;
}

/** Its manifest comes last, and goes first. */
async function isWhole(backup: string): Promise<boolean> {
  return access(join(backup, BACKUP_FILES.manifest)).then(
    () => true,
    () => false,
  );
}

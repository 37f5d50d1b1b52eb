import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metric } from '@maque/guard';
import { type Clock, MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import type { RouteLog } from '../../define/route.ts';
import { BACKUP_FILES, backupTimeMs, isBackupName } from './backup-manifest.ts';

export interface BackupGaugeOptions {
  /** Of the backups in the data folder. */
  readonly folder: string;
  readonly log: RouteLog;
  readonly clock: Clock;
}

/** A backup is made once a day or so. */
const KEEP_MS: Milliseconds = MINUTE;

/**
 * When the newest backup in the data folder was made, for metrics. Any worker may have made it, also one that has ended, so the
 * folder is asked; as with {@link JobGauges} each reading shows what the one before has fetched. None where there is no
 * backup, or where they go to an object store.
 */
export class BackupGauge {
  readonly #options: BackupGaugeOptions;
  #newestMs: Milliseconds | undefined;
  #askedAtMs: Milliseconds = Number.NEGATIVE_INFINITY;

  constructor(options: BackupGaugeOptions) {
    this.#options = options;
  }

  metrics(): Metric[] {
    const nowMs = this.#options.clock.monotonic();
    if (nowMs - this.#askedAtMs >= KEEP_MS) {
      this.#askedAtMs = nowMs;
      void this.#ask();
    }
    return [
      {
        type: 'gauge',
        name: 'maque_backup_last_success_timestamp_seconds',
        help: 'When the newest backup in the data folder was made, by any worker',
        samples: this.#newestMs === undefined ? [] : [{ value: this.#newestMs / SECOND }],
      },
    ];
  }

  async #ask(): Promise<void> {
    const { folder, log } = this.#options;
    try {
      this.#newestMs = await newestIn(folder);
    } catch (error) {
      this.#newestMs = undefined;
      log.warn({ err: error }, 'backups could not be listed');
    }
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

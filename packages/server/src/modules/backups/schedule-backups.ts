import { backupInterval } from '../../config/backup-settings.ts';
import type { Foundation } from '../../foundation.ts';
import { backupErrors } from './backup-errors.ts';

export type ScheduleParts = Pick<
  Foundation,
  'settings' | 'database' | 'files' | 'folder' | 'jobs' | 'log' | 'attention' | 'clock'
>;

/**
 * Makes a backup at an interval, by one of the workers, and removes the oldest. An operator hears of one that failed.
 * @throws CodedError BACKUP_NO_STORE when backups are to go to a store that there is not.
 */
export function scheduleBackups(parts: ScheduleParts): void {
  const { settings, jobs, log, attention } = parts;
  const intervalMs = backupInterval(settings.env, settings.backupEvery);
  if (intervalMs === null) return;
  if (settings.backupTo === 'store' && settings.fileStore === 'disk') throw backupErrors.BACKUP_NO_STORE();
  jobs.every('backup', intervalMs, async (signal) => {
    try {
      // Once a day by one worker: the others need not keep it in memory.
      const { makeScheduledBackup } = await import('./scheduled-backup.ts');
      const { name, bytes, removed } = await makeScheduledBackup(parts, signal);
      log.info({ backup: name, bytes, removed }, 'a backup was made');
    } catch (error) {
      // The process ends: the next turn is another one's.
      if (signal.aborted) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      attention(backupErrors.BACKUP_FAILED({ data: { reason }, cause: error }));
    }
  });
}

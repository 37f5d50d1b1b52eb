import { resolve } from 'node:path';
import { type Backups, type BackupTarget, openBackups } from '@maque/server/backups';
import type { Invocation } from '../cli/command.ts';
import { readSettings } from '../settings/read-settings.ts';

/** The backups of an app, its settings read as its server reads them. */
export function backupsOf(
  invocation: Invocation,
  app: string | undefined,
): { backups: Backups; dataDir: string } {
  const { settings, dataDir } = readSettings(invocation, app);
  return { backups: openBackups({ ...settings.values, dataDir }), dataDir };
}

/** What a person wrote as a place. */
export function backupTarget(
  written: string | boolean | undefined,
  { surroundings }: Invocation,
): BackupTarget {
  if (typeof written !== 'string') return 'disk';
  return written === 'store' ? 'store' : { folder: resolve(surroundings.cwd, written) };
}

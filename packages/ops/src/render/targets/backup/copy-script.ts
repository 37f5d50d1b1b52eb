import { writeConfig } from '../../config-lines.ts';
import { headOf } from '../../file-head.ts';
import type { RenderOptions } from '../../target.ts';
import { rotationLines } from './dump-script.ts';
import type { BackupPlaces } from './places.ts';

/** How `maque backup` names them: the time. */
const NAMES = '20[0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-9]*Z';

/**
 * Maque's own backup, of SQLite, files and keys, outside of the data folder; Maque itself tells whether there is room for
 * it, and whether it is whole.
 */
export function copyScript({ folder }: BackupPlaces, options: RenderOptions): string {
  const { language, node, maque, appDir, dataDir } = options;
  const backups = `${folder}/${NAMES}`;
  return writeConfig(
    [
      '#!/bin/bash',
      headOf('backup', language),
      'set -euo pipefail',
      'umask 077',
      `${node} ${maque} backup ${appDir} --env prod --data-dir ${dataDir} --to ${folder}`,
      ...rotationLines(backups, 'rm -rf'),
    ],
    language,
  );
}

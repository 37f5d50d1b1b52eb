import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { ChangeJournal } from '@maque/ops/changes';
import { commandErrors } from '../cli/command-errors.ts';

/** @throws CodedError STATE_FOLDER_UNSAFE: what lies there says which files are written and which commands run. */
export function journalIn(folder: string): ChangeJournal {
  const stats = statOf(folder);
  const user = process.getuid?.();
  const isOwn =
    stats === undefined || user === undefined || (stats.uid === user && (stats.mode & 0o022) === 0);
  if (!isOwn) throw commandErrors.STATE_FOLDER_UNSAFE({ data: { folder, user } });
  return new ChangeJournal(folder);
}

/** @throws CodedError DATA_FOLDER_DENIED */
function statOf(path: string): Stats | undefined {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return statSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw commandErrors.DATA_FOLDER_DENIED({ data: { path }, cause: error });
  }
}

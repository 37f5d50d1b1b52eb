import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isPlainPath } from '../tree/path-in-tree.ts';
import { changeErrors } from './change-errors.ts';
import { hashOf, removeFolders, told } from './change-file.ts';
import type { ChangeJournal, KeptChange } from './change-journal.ts';
import { readState, removeDrafts, restoreState } from './file-state.ts';

/**
 * Brings a file back as it was before a change: content, mode, owner and time. Changes of one file are undone in the
 * reverse of their order.
 * @throws CodedError CHANGED_MEANWHILE, CHANGE_THROUGH_LINK, CHANGE_DENIED; the record is kept then
 */
export async function undoChange(root: string, journal: ChangeJournal, change: KeptChange): Promise<void> {
  const { path, before, after, madeFolders } = change;
  if (!(await isPlainPath(root, path))) throw changeErrors.CHANGE_THROUGH_LINK({ data: { path } });
  const target = join(root, path);
  await told(path, async () => {
    const now = await readState(target, path);
    const isAsWritten = now !== null && hashOf(now.content) === after;
    // Interrupted before it was made, or brought back by hand.
    const isAsBefore = before === null ? now === null : now?.content.equals(before.content) === true;
    if (!isAsWritten && !isAsBefore) throw changeErrors.CHANGED_MEANWHILE({ data: { path } });
    if (before !== null) await restoreState(target, before);
    // Not rm: where it may not, that tries rmdir, and says that a file is no folder.
    else if (now !== null) await unlink(target);
    await removeDrafts(target);
    await journal.remove(change);
  });
  await removeFolders(madeFolders);
}

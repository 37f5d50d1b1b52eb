import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY } from '@maque/kit';

// What backups and copies before a change are called while they are made: the folder may be anybody's.
const OURS = /^(before-change-)?\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z(-[0-9a-f]{6}\.db)?\.partial$/;

/** Removes what processes that died left half-made in a folder: nobody works on a backup for a day. */
export async function removeAbandoned(folder: string, nowMs: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!OURS.test(name)) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && nowMs - found.mtimeMs > DAY) await rm(path, { recursive: true, force: true });
  }
}

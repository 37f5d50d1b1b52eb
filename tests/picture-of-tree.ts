import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Everything under a folder, to the byte: names, kinds, modes, owners, contents, and times of files. */
export async function pictureOf(root: string): Promise<Record<string, unknown>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const told = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const { mode, uid, gid, mtimeMs } = await lstat(path);
    const file = entry.isFile() ? { mtimeMs, content: (await readFile(path)).toString('base64') } : {};
    return [path.slice(root.length), { mode, uid, gid, ...file }] as const;
  });
  return Object.fromEntries((await Promise.all(told)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

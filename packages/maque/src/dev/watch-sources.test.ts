import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect, it } from 'vitest';
import { watchSources } from './watch-sources.ts';

it('tells of a burst of changes once, and only of sources', async () => {
  await using folder = await tempFolder();
  for (const name of ['src', 'data', 'node_modules', 'dist', '.git']) await mkdir(join(folder.path, name));
  const changes: string[] = [];
  const watched = { appDir: folder.path, dataDir: join(folder.path, 'data') };
  const stop = watchSources(watched, (path) => changes.push(path));
  try {
    const quiet = ['data/x.json', 'node_modules/y.js', 'dist/z.js', '.git/a.ts', 'notes.txt', '.b.ts'];
    for (const name of quiet) await writeFile(join(folder.path, name), '1');
    for (const name of ['maque.config.ts', 'src/orders.ts']) await writeFile(join(folder.path, name), '1');
    await waitUntil('the change', () => changes.length > 0);
    expect(changes).toEqual([join('src', 'orders.ts')]);
    await writeFile(join(folder.path, 'src/orders.ts'), '2');
    await waitUntil('the next change', () => changes.length > 1);
  } finally {
    stop();
  }
});

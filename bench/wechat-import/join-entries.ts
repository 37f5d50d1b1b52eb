import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { asciiOnly, withoutComments } from '../../scripts/bundle.mjs';
import { repositoryFolder } from '../stacks/paths.ts';
import type { Contender } from './measure-imports.ts';

/** The entries of @maque/wechat that run in production. */
const ENTRIES = {
  '@maque/wechat': 'index.js',
  '@maque/wechat/pay': 'pay/index.js',
  '@maque/wechat/push': 'push/index.js',
};

/** Joins each entry as Maque ships it: what it loads at once in one file, what it loads later in others. */
export async function joinEntries(folder: string): Promise<readonly Contender[]> {
  const joined = Object.entries(ENTRIES).map(async ([name, entry]): Promise<Contender> => {
    await using build = await rolldown({
      input: join(repositoryFolder, 'packages/wechat/dist', entry),
      platform: 'node',
      logLevel: 'warn',
      plugins: [asciiOnly],
    });
    const dir = join(folder, entry.replace(/\W/g, '-'));
    await build.write({ dir, ...withoutComments, entryFileNames: 'entry.js' });
    return { name, specifier: pathToFileURL(join(dir, 'entry.js')).href };
  });
  return Promise.all(joined);
}

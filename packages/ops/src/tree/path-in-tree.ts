import { lstat, readlink } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';

/** As many as Linux follows before it says ELOOP. */
const MOST_LINKS = 40;

/**
 * Where a path of a server lies in a copy of its tree. Links on the way are followed inside the copy: one to `/etc` leads
 * to the copy's `etc`, never to this machine's.
 * @param follow whether the last part is followed too, if it is a link
 * @throws Error ELOOP
 */
export async function pathInTree(root: string, path: string, follow: boolean): Promise<string> {
  let todo = partsOf(path);
  let done = '/';
  for (let links = 0; todo.length > 0; ) {
    const [part = '', ...rest] = todo;
    const here = posix.join(done, part);
    const target = rest.length === 0 && !follow ? undefined : await linkTarget(join(root, here));
    if (target === undefined) {
      done = here;
      todo = rest;
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) throw Object.assign(new Error(`too many links: ${path}`), { code: 'ELOOP' });
    // `..` at the root stays there, as everywhere.
    todo = [...partsOf(posix.resolve(done, target)), ...rest];
    done = '/';
  }
  return join(root, done);
}

/** Whether nothing on the way to a file is a link that leads out of the tree. */
export async function isPlainPath(root: string, path: string): Promise<boolean> {
  const inside = await pathInTree(root, dirname(path), true);
  return join(inside, basename(path)) === join(root, path);
}

function partsOf(path: string): string[] {
  return posix
    .resolve('/', path)
    .split('/')
    .filter((part) => part !== '');
}

async function linkTarget(path: string): Promise<string | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  return stats?.isSymbolicLink() === true ? readlink(path) : undefined;
}

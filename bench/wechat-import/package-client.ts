import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryFolder } from '../stacks/paths.ts';
import type { Contender } from './measure-imports.ts';

/** The entries of @maque/wechat that run in production. */
const ENTRIES = {
  '@maque/wechat': 'index.js',
  '@maque/wechat/pay': 'pay.js',
  '@maque/wechat/push': 'push.js',
};

/** Makes the package as it is published into an empty folder; answers its entries, the client first. */
export function packageClient(folder: string): readonly Contender[] {
  const script = join(repositoryFolder, 'scripts', 'package-library.mjs');
  execFileSync(process.execPath, [script, 'wechat', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  return Object.entries(ENTRIES).map(([name, entry]) => ({
    name,
    specifier: pathToFileURL(join(folder, entry)).href,
  }));
}

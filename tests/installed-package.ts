import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { tempFolder } from '@maque/testkit/process/temp-folder';

const script = fileURLToPath(new URL('../scripts/package-library.mjs', import.meta.url));
const exec = promisify(execFile);

export interface AppWithPackage extends AsyncDisposable {
  /** The folder of the app. */
  readonly path: string;
}

/** An empty app that installs a package of this project as it is packed, without a registry. @param name its folder. */
export async function appWithPackage(name: string): Promise<AppWithPackage> {
  const folder = await tempFolder();
  const tarball = (await exec(process.execPath, [script, name, join(folder.path, 'made')])).stdout.trim();
  const path = join(folder.path, 'app');
  await mkdir(path);
  await writeFile(join(path, 'package.json'), '{"name":"app","private":true,"type":"module"}');
  await exec('npm', ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', tarball], {
    cwd: path,
  });
  return { path, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

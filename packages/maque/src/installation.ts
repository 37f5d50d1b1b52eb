import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the parts of this installation are. */
export interface Installation {
  readonly version: string;
  /** The script of a server's workers. */
  readonly workerScript: string;
  /** What speaks to the keeper for programs that know nothing of it. */
  readonly preload: URL;
  /** The built web console. */
  readonly consoleDir: string;
}

/** @param entryUrl of the command or the worker script: all parts lie beside these two. */
export function installationOf(entryUrl: string): Installation {
  const beside = (path: string) => new URL(path, entryUrl);
  const manifest = JSON.parse(readFileSync(beside('../package.json'), 'utf8')) as { version: string };
  return {
    version: manifest.version,
    workerScript: fileURLToPath(beside('worker.js')),
    preload: beside('preload.js'),
    consoleDir: fileURLToPath(beside('console')),
  };
}

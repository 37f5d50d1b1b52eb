import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

// A config lies in the app's folder, or in one that a build makes within it.
const FOLDERS_UP = 3;
const LONGEST_VERSION = 60;

/**
 * What tells one release of an app from another: the version in its package.json, which many never change, and a mark of
 * the config module's content, such as `1.4.2+9f86d081`. Touches nothing but these two files.
 */
export function releaseOf(configPath: string): string {
  const mark = createHash('sha256').update(readFileSync(configPath)).digest('hex').slice(0, 8);
  return `${packageVersion(dirname(configPath))}+${mark}`;
}

function packageVersion(folder: string): string {
  let at = folder;
  for (let up = 0; up < FOLDERS_UP; up += 1) {
    const version = versionIn(join(at, 'package.json'));
    if (version !== null) return version.slice(0, LONGEST_VERSION);
    at = dirname(at);
  }
  return '0';
}

function versionIn(path: string): string | null {
  try {
    const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version?: unknown };
    return typeof version === 'string' && version !== '' ? version : null;
  } catch {
    return null; // none, or not JSON: the config's mark has to do
  }
}

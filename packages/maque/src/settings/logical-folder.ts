import { realpathSync } from 'node:fs';

/**
 * The current folder as whoever started this calls it: a release is changed by pointing a link such as `current` to another
 * folder, and a process only knows where the link pointed when it began. A shell tells in PWD.
 */
export function logicalFolder(cwd: string, { PWD }: NodeJS.ProcessEnv): string {
  if (PWD === undefined || PWD === cwd) return cwd;
  try {
    return realpathSync(PWD) === realpathSync(cwd) ? PWD : cwd;
  } catch {
    return cwd;
  }
}

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Servers live in sbin, which is not on every user's PATH. */
const SERVER_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];

/** The full path of a program, undefined when it is not installed. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SERVER_FOLDERS];
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** The command that installs a Debian package. */
export function aptInstall(debianPackage: string): string {
  return `sudo apt-get install --no-install-recommends ${debianPackage}`;
}

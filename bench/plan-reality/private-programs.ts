import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { aptInstall, findProgram } from '../stacks/debian-program.ts';

const PROGRAMS = { nginx: 'nginx', mariadbd: 'mariadb-server', 'redis-server': 'redis-server' } as const;
/** Used beside the servers, outside their group. */
const HELPERS = { 'mariadb-install-db': 'mariadb-server', openssl: 'openssl' } as const;

export type ProgramName = keyof typeof PROGRAMS;

/** What is not installed, each with the command that installs it. */
export function missingPrograms(): readonly string[] {
  const needed = { ...PROGRAMS, ...HELPERS };
  const missing = Object.entries(needed).filter(([name]) => findProgram(name) === undefined);
  return [...new Set(missing.map(([, debianPackage]) => aptInstall(debianPackage)))];
}

/** Copies of the servers and of the libraries that they and Node load. */
export interface PrivatePrograms {
  readonly files: Readonly<Record<ProgramName, string>>;
  /** Where the loader has to look first. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Pages of one file are shared by all processes that map it, and PSS divides them by their number: beside the nginx
 * and the libraries of whatever else runs on this machine, a server would look smaller than it is where it runs alone.
 */
export function copyPrograms(folder: string, node: string): PrivatePrograms {
  const [bin, lib] = [join(folder, 'bin'), join(folder, 'lib')];
  for (const made of [bin, lib]) mkdirSync(made, { recursive: true });
  const copy = (name: ProgramName): string => {
    const from = findProgram(name);
    if (from === undefined) throw new Error(`there is no ${name} here`);
    const to = join(bin, name);
    copyFileSync(realpathSync(from), to);
    return to;
  };
  const files = { nginx: copy('nginx'), mariadbd: copy('mariadbd'), 'redis-server': copy('redis-server') };
  for (const library of new Set([...Object.values(files), node].flatMap(librariesOf)))
    copyFileSync(realpathSync(library), join(lib, basename(library)));
  return { files, environment: { LD_LIBRARY_PATH: lib } };
}

function librariesOf(program: string): readonly string[] {
  const said = execFileSync('ldd', [program], { encoding: 'utf8' });
  return [...said.matchAll(/=> (\/\S+)/g)].flatMap(([, file]) => file ?? []);
}

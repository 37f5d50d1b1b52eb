import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const SYSTEM_FOLDER = '/var/lib/maque';

export interface StateFolderFacts {
  /** Whose it is: each command undoes only what it changed itself. */
  readonly command: 'doctor' | 'render';
  /** What `--state` says. */
  readonly told: string | undefined;
  /** `/`, or the copy that is worked on. */
  readonly root: string;
  readonly isRoot: boolean;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Where a command keeps samples and backups: the system's place for root and in a copy, else the user's own. */
export function stateFolder({ command, told, root, isRoot, cwd, env }: StateFolderFacts): string {
  if (told !== undefined) return resolve(cwd, told);
  if (isRoot || root !== '/') return join(root, SYSTEM_FOLDER, command);
  return join(env.XDG_STATE_HOME ?? join(homedir(), '.local/state'), 'maque', command);
}

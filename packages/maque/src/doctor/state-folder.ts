import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const SYSTEM_FOLDER = '/var/lib/maque/doctor';

export interface StateFolderFacts {
  /** What `--state` says. */
  readonly told: string | undefined;
  /** `/`, or the copy that is examined. */
  readonly root: string;
  readonly isRoot: boolean;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Where the doctor keeps samples and backups: the system's place for root and in a copy, else the user's own. */
export function stateFolder({ told, root, isRoot, cwd, env }: StateFolderFacts): string {
  if (told !== undefined) return resolve(cwd, told);
  if (isRoot || root !== '/') return join(root, SYSTEM_FOLDER);
  return join(env.XDG_STATE_HOME ?? join(homedir(), '.local/state'), 'maque/doctor');
}

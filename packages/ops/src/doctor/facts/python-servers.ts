import type { Host } from '../host/host.ts';
import { pathOf } from './app-folders.ts';
import { flagValue } from './launch-flags.ts';
import type { ProcessFacts } from './processes.ts';

/** A Gunicorn or uvicorn: its first process. */
export interface PythonServer {
  readonly kind: 'gunicorn' | 'uvicorn';
  readonly process: ProcessFacts;
  readonly workers: readonly ProcessFacts[];
  /** Words of its command line; undefined where its title replaced them. */
  readonly words: readonly string[] | undefined;
  /** Its configuration file, where one was found that may be read. */
  readonly config: string | undefined;
}

const TITLE = /^gunicorn: (master|worker)/;
const CONFIG_NAME = 'gunicorn.conf.py';

export async function readPythonServers(
  host: Host,
  processes: readonly ProcessFacts[],
): Promise<readonly PythonServer[]> {
  const servers = processes.filter((process) => kindOf(process) !== undefined);
  const pids = new Set(servers.map(({ pid }) => pid));
  return Promise.all(
    servers
      .filter(({ parent }) => !pids.has(parent))
      .map(async (process) => {
        const hasTitle = TITLE.test(process.commandLine[0] ?? '');
        return {
          kind: kindOf(process) ?? 'gunicorn',
          process,
          workers: processes.filter(({ parent }) => parent === process.pid),
          words: hasTitle ? undefined : process.commandLine,
          config: await configOf(host, process),
        };
      }),
  );
}

function kindOf({ commandLine }: ProcessFacts): PythonServer['kind'] | undefined {
  if (TITLE.test(commandLine[0] ?? '')) return 'gunicorn';
  // `python3 /srv/venv/bin/gunicorn …`, `gunicorn …`, `python3 -m uvicorn …`
  const names = commandLine.slice(0, 3).map((word) => word.replace(/^.*\//, ''));
  if (names.includes('gunicorn')) return 'gunicorn';
  return names.includes('uvicorn') ? 'uvicorn' : undefined;
}

async function configOf(host: Host, process: ProcessFacts): Promise<string | undefined> {
  const told = flagValue(process.commandLine, '--config', '-c')?.replace(/^file:/, '');
  const text = await host.read(await pathOf(host, process, told ?? CONFIG_NAME));
  return text.kind === 'value' ? text.value : undefined;
}

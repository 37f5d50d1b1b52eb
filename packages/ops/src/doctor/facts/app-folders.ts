import { dirname, resolve } from 'node:path';
import type { Host } from '../host/host.ts';
import type { ProcessFacts } from './processes.ts';
import { programOf } from './program.ts';
import { pathSeenBy } from './program-version.ts';

/** Where an app was started, as it can be read from here. */
export interface AppFolder {
  readonly path: string;
  readonly process: ProcessFacts;
}

export interface AppFolders {
  readonly folders: readonly AppFolder[];
  /** Apps whose folder only root, or their own user, may see. */
  readonly hidden: number;
}

const APPS = new Set(['node', 'python', 'java', 'php']);
/** More apps than a small server runs. */
const MOST_APPS = 50;

/** Folders of Node, Python, Java and PHP apps, each once. */
export async function readAppFolders(host: Host, processes: readonly ProcessFacts[]): Promise<AppFolders> {
  const apps = processes.filter((process) => APPS.has(programOf(process))).slice(0, MOST_APPS);
  const found = new Map<string, AppFolder>();
  let hidden = 0;
  for (const process of apps) {
    const folder = await host.follow(`/proc/${process.pid}/cwd`);
    const script = process.commandLine.find((word) => /^\/.+\.(c?js|mjs|ts|py|jar)$/.test(word));
    if (folder.kind === 'unreadable') hidden += 1;
    const inside = [
      ...(folder.kind === 'value' ? [folder.value] : []),
      ...(script === undefined ? [] : [dirname(script)]),
    ];
    for (const path of inside) {
      const seen = pathSeenBy(process, path.replace(/ \(deleted\)$/, ''));
      // A service that was never told where to be is in the root of the tree, and means nothing by it.
      if (path !== '/' && !found.has(seen)) found.set(seen, { path: seen, process });
    }
  }
  return { folders: [...found.values()], hidden };
}

/** Where a process means a path of its environment to be. */
export async function pathOf(host: Host, process: ProcessFacts, path: string): Promise<string> {
  if (path.startsWith('/')) return pathSeenBy(process, path);
  const folder = await host.follow(`/proc/${process.pid}/cwd`);
  return pathSeenBy(process, resolve(folder.kind === 'value' ? folder.value : '/', path));
}

import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bytes } from '@maque/kit';
import { waitUntil } from './wait-until.ts';

/** A memory cgroup of its own, removed when its scope ends. */
export interface MemoryCgroup extends AsyncDisposable {
  /** A command that runs another one inside the group, from its first instruction. */
  wrap(command: string, args: readonly string[]): { readonly command: string; readonly args: string[] };
  /** How many processes of the group the kernel killed for want of memory. */
  oomKills(): number;
}

/** Where limits go and what is read, in both versions of the kernel's interface. */
interface Interface {
  readonly root: string;
  readonly limit: string;
  readonly events: string;
}

const V1: Interface = {
  root: '/sys/fs/cgroup/memory',
  limit: 'memory.limit_in_bytes',
  events: 'memory.oom_control',
};
const V2: Interface = {
  root: '/sys/fs/cgroup',
  limit: 'memory.max',
  events: 'memory.events',
};

/** Makes a group with a limit. @throws Error that says why where this machine does not allow it. */
export async function memoryCgroup(limitBytes: Bytes): Promise<MemoryCgroup> {
  const files = existsSync(join(V1.root, V1.limit)) ? V1 : V2;
  const folder = join(files.root, `maque-test-${process.pid}-${Date.now()}`);
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, files.limit), String(limitBytes));
  } catch (cause) {
    throw new Error(`cannot limit memory by a cgroup here: ${(cause as Error).message}`, { cause });
  }
  return {
    wrap: (command, args) => ({
      command: '/bin/sh',
      args: ['-c', 'echo $$ > "$0" && exec "$@"', join(folder, 'cgroup.procs'), command, ...args],
    }),
    oomKills() {
      const events = readFileSync(join(folder, files.events), 'utf8');
      return Number(/^oom_kill (\d+)$/m.exec(events)?.[1] ?? 0);
    },
    async [Symbol.asyncDispose]() {
      // The kernel refuses while a process that was just killed is still being taken down.
      await waitUntil(`${folder} to be empty`, () => {
        rmdirSync(folder);
        return true;
      });
    },
  };
}

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Milliseconds } from '@maque/kit';
import { benchFolder } from '../stacks/paths.ts';

/** A disk that both servers are measured on. */
export interface Disk {
  readonly title: string;
  /** Put before the command of each service. */
  readonly launcher: readonly string[];
}

export const diskAsItIs: Disk = { title: 'this disk', launcher: [] };

/**
 * This disk with each sync taking longer: a laptop's or a host's cache answers in 0.1 ms, and what it answers for is not
 * on any disk; a cloud disk takes 1 to 5 ms. Undefined where there is no C compiler.
 */
export function slowDisk(syncMs: Milliseconds, folder: string): Disk | undefined {
  const library = join(folder, 'slow-sync.so');
  try {
    const source = join(benchFolder, 'durable/slow-sync.c');
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const variables = [`LD_PRELOAD=${library}`, `SLOW_SYNC_US=${Math.round(syncMs * 1_000)}`];
  return { title: `each sync ${syncMs} ms slower`, launcher: ['env', ...variables] };
}

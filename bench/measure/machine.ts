import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { repositoryFolder } from '../stacks/paths.ts';

/** What the figures of a run depend on. */
export interface MachineFacts {
  readonly at: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly node: string;
  /** Processes that wanted to run in the minute before the benchmark; well above 0 means that others ran too. */
  readonly loadBefore: number;
  /** The commit that was measured, marked when files differ from it; null outside git. */
  readonly commit: string | null;
}

export function readMachineFacts(): MachineFacts {
  const processors = cpus();
  return {
    at: new Date().toISOString(),
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.version,
    loadBefore: loadavg()[0] ?? 0,
    commit: readCommit(),
  };
}

/** Whether others used so much of the machine that figures mean little; the build before a benchmark stays below. */
export function isBusy({ loadBefore, cores }: MachineFacts): boolean {
  return loadBefore > cores / 2;
}

function readCommit(): string | null {
  try {
    const args = ['describe', '--always', '--dirty', '--abbrev=12'];
    return execFileSync('git', args, { cwd: repositoryFolder, encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

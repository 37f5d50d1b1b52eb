import type { Host, Reading } from '../host/host.ts';
import type { ProcessFacts } from './processes.ts';
import { containerOf } from './services.ts';

/** Writable by others than the owner. */
const SHARED_WRITE_BITS = 0o022;

/**
 * What the program of a process prints when it is asked for its version. Only the box's own programs are run: one that
 * anybody but root can change would run with the rights of whoever called the doctor.
 */
export async function askVersion(host: Host, process: ProcessFacts): Promise<Reading<string>> {
  const { executable } = process;
  if (executable === null) return { kind: 'unreadable', reason: 'EACCES' };
  if (containerOf(process.cgroup) !== null || executable.endsWith(' (deleted)')) return { kind: 'absent' };
  const file = await host.stat(executable);
  if (file.kind !== 'value') return file;
  if (file.value.kind !== 'file' || file.value.uid !== 0 || (file.value.mode & SHARED_WRITE_BITS) !== 0)
    return { kind: 'absent' };
  const output = await host.run(executable, ['--version']);
  if (output.kind !== 'value') return output;
  return output.value.code === 0 ? { kind: 'value', value: output.value.stdout.trim() } : { kind: 'absent' };
}

/** Where a file of a process is found from outside of its container. */
export function pathSeenBy(process: ProcessFacts, path: string): string {
  return containerOf(process.cgroup) === null ? path : `/proc/${process.pid}/root${path}`;
}

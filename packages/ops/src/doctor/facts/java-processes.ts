import { type Bytes, GiB, KiB, MiB } from '@maque/kit';
import type { Host } from '../host/host.ts';
import type { CgroupMount } from './cgroup-version.ts';
import { readGroupLimit } from './group-limit.ts';
import type { ProcessFacts } from './processes.ts';
import { programOf } from './program.ts';
import { unitOf } from './services.ts';

/** A JVM with what its flags allow it. */
export interface JavaProcess {
  readonly process: ProcessFacts;
  readonly name: string;
  /** `-Xmx`; null where none was given. */
  readonly heapBytes: Bytes | null;
  /** `-XX:MaxRAMPercentage`; null where none was given. */
  readonly heapPercent: number | null;
  readonly metaspaceBytes: Bytes | null;
  readonly codeCacheBytes: Bytes | null;
  readonly stackBytes: Bytes | null;
  readonly directBytes: Bytes | null;
  readonly threads: number | null;
  /** Of its unit or container; null where there is none. */
  readonly limitBytes: Bytes | null;
  /** Whether the environment was read, in which flags may stand as well. */
  readonly knowsEnvironment: boolean;
}

/** Each is read by the JVM itself, the later the stronger. */
const ENVIRONMENT = ['JDK_JAVA_OPTIONS', 'JAVA_TOOL_OPTIONS', '_JAVA_OPTIONS'];
const UNITS: Readonly<Record<string, Bytes>> = { '': 1, k: KiB, m: MiB, g: GiB, t: 1024 * GiB };

export async function readJavaProcesses(
  host: Host,
  processes: readonly ProcessFacts[],
  groups: CgroupMount | undefined,
): Promise<readonly JavaProcess[]> {
  return Promise.all(
    processes
      .filter((process) => programOf(process) === 'java')
      .map(async (process) => {
        const status = await host.read(`/proc/${process.pid}/status`);
        const threads = /^Threads:\s+(\d+)/m.exec(status.kind === 'value' ? status.value : '')?.[1];
        const limitBytes =
          groups === undefined || process.cgroup === null
            ? null
            : await readGroupLimit(host, groups, process.cgroup);
        return {
          process,
          name: unitOf(process.cgroup) ?? `java (${process.pid})`,
          ...flagsOf(process),
          threads: threads === undefined ? null : Number(threads),
          limitBytes,
          knowsEnvironment: process.environment !== null,
        };
      }),
  );
}

function flagsOf({ commandLine, environment }: ProcessFacts) {
  const told = ENVIRONMENT.flatMap((name) => (environment?.get(name) ?? '').split(/\s+/));
  const words = [...commandLine, ...told];
  const last = (pattern: RegExp) =>
    words.map((word) => pattern.exec(word)?.[1]).findLast((value) => value !== undefined);
  const percent = last(/^-XX:MaxRAMPercentage=([\d.]+)$/);
  return {
    heapBytes: sizeOf(last(/^-Xmx(\w+)$/) ?? last(/^-XX:MaxHeapSize=(\w+)$/)),
    heapPercent: percent === undefined ? null : Number(percent),
    metaspaceBytes: sizeOf(last(/^-XX:MaxMetaspaceSize=(\w+)$/)),
    codeCacheBytes: sizeOf(last(/^-XX:ReservedCodeCacheSize=(\w+)$/)),
    stackBytes: sizeOf(last(/^-Xss(\w+)$/)),
    directBytes: sizeOf(last(/^-XX:MaxDirectMemorySize=(\w+)$/)),
  };
}

function sizeOf(text: string | undefined): Bytes | null {
  const [, amount, unit = ''] = /^(\d+)([kmgt]?)$/i.exec(text ?? '') ?? [];
  return amount === undefined ? null : Number(amount) * (UNITS[unit.toLowerCase()] ?? 1);
}

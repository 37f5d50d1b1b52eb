import { type Bytes, KiB } from '@maque/kit';
import type { Host, Reading } from '../host/host.ts';

/** A process as /proc shows it. What this user may not read is null. */
export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  /** What the kernel calls it, at most 15 bytes: `MainThread` for Node 24 and later. */
  readonly comm: string;
  readonly commandLine: readonly string[];
  /** The program's file. */
  readonly executable: string | null;
  readonly environment: ReadonlyMap<string, string> | null;
  /** `/system.slice/shop.service`. */
  readonly cgroup: string | null;
  readonly uid: number;
  readonly rssBytes: Bytes;
  /** Proportional share, where it can be read. */
  readonly pssBytes: Bytes | null;
  readonly oomScoreAdj: number | null;
  readonly oomScore: number | null;
}

/** More processes than a small server runs. */
const MOST_PROCESSES = 4_096;
/** Threads of the kernel have no memory of their own and are left out. */
const AT_ONCE = 16;

export async function listProcesses(host: Host): Promise<Reading<readonly ProcessFacts[]>> {
  const names = await host.list('/proc');
  if (names.kind !== 'value') return names;
  const pids = names.value.filter((name) => /^\d+$/.test(name)).slice(0, MOST_PROCESSES);
  const found: ProcessFacts[] = [];
  for (let from = 0; from < pids.length; from += AT_ONCE) {
    const batch = await Promise.all(
      pids.slice(from, from + AT_ONCE).map((pid) => readProcess(host, Number(pid))),
    );
    for (const process of batch) if (process !== undefined) found.push(process);
  }
  return { kind: 'value', value: found };
}

/** Undefined when it has ended meanwhile, or is a thread of the kernel. */
async function readProcess(host: Host, pid: number): Promise<ProcessFacts | undefined> {
  const at = `/proc/${pid}`;
  const [status, commandLine] = await Promise.all([host.read(`${at}/status`), host.read(`${at}/cmdline`)]);
  if (status.kind !== 'value' || commandLine.kind !== 'value' || commandLine.value === '') return undefined;
  const [executable, environment, cgroup, rollup, adj, score] = await Promise.all([
    host.follow(`${at}/exe`),
    host.read(`${at}/environ`),
    host.read(`${at}/cgroup`),
    host.read(`${at}/smaps_rollup`),
    host.read(`${at}/oom_score_adj`),
    host.read(`${at}/oom_score`),
  ]);
  const line = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status.value)?.[1] ?? '';
  return {
    pid,
    parent: Number(line('PPid')),
    comm: line('Name'),
    commandLine: commandLine.value.split('\0').filter((part) => part !== ''),
    executable: seen(executable),
    environment: environmentOf(seen(environment)),
    cgroup: cgroupOf(seen(cgroup)),
    uid: Number(line('Uid').split(/\s/)[0]),
    rssBytes: Number.parseInt(line('VmRSS'), 10) * KiB || 0,
    pssBytes: pssOf(seen(rollup)),
    oomScoreAdj: numberOf(seen(adj)),
    oomScore: numberOf(seen(score)),
  };
}

function seen<Value>(reading: Reading<Value>): Value | null {
  return reading.kind === 'value' ? reading.value : null;
}

function environmentOf(text: string | null): ReadonlyMap<string, string> | null {
  if (text === null) return null;
  const pairs = text
    .split('\0')
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const);
  return new Map(pairs.filter(([name]) => name !== ''));
}

/**
 * That of the memory controller, else of version 2, else systemd's own. systemd 219 (CentOS 7) leaves memory at the root
 * or the slice where no unit has a limit: then the longer path of the others tells the unit.
 */
function cgroupOf(text: string | null): string | null {
  if (text === null) return null;
  const lines = text.split('\n').map((line) => line.split(':'));
  const found = [
    lines.find(([, names]) => names?.split(',').includes('memory')),
    lines.find(([id]) => id === '0'),
    lines.find(([, names]) => names === 'name=systemd'),
  ].flatMap((line) => (line === undefined ? [] : [line.slice(2).join(':')]));
  const [first = null] = found;
  return found.find((path) => first !== null && isBelow(path, first)) ?? first;
}

function isBelow(path: string, other: string): boolean {
  return path !== other && path.startsWith(other === '/' ? '/' : `${other}/`);
}

function pssOf(text: string | null): Bytes | null {
  const kb = /^Pss:\s+(\d+) kB$/m.exec(text ?? '')?.[1];
  return kb === undefined ? null : Number(kb) * KiB;
}

function numberOf(text: string | null): number | null {
  const number = Number.parseInt(text ?? '', 10);
  return Number.isNaN(number) ? null : number;
}

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { ThreadState } from './hang-finding.ts';

/** A thread's state, and what it says of how the process takes signals. */
export interface ThreadReading {
  readonly thread: ThreadState;
  /** Whether the process has a handler for SIGUSR1; Node has, unless `--disable-sigusr1`. */
  readonly takesSigusr1: boolean;
  /** Node's inspector is open: it has a thread of its own then. */
  readonly inspectorIsOpen: boolean;
}

const MAX_CHILDREN = 3;
const MAX_TEXT = 200;

const RUNS: Readonly<Record<string, ThreadState['run']>> = {
  R: 'running',
  S: 'sleeping',
  I: 'sleeping',
  D: 'disk',
  T: 'stopped',
  t: 'stopped',
  Z: 'gone',
  X: 'gone',
};

/**
 * System calls that work on a descriptor, given first: the numbers of x86-64 and of the newer architectures' common table
 * (arm64, riscv64), from the kernel's `syscall_64.tbl` and `asm-generic/unistd.h`.
 */
const DESCRIPTOR_CALLS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  x64: { 0: 'read', 1: 'write', 17: 'pread', 18: 'pwrite', 73: 'flock', 74: 'fsync', 75: 'fdatasync' },
  arm64: { 63: 'read', 64: 'write', 67: 'pread', 68: 'pwrite', 32: 'flock', 82: 'fsync', 83: 'fdatasync' },
};
// Signal 10 (signal(7)): in the kernel's masks signal N is bit N - 1.
const SIGUSR1_BIT = 1n << 9n;

/** Reads what the kernel tells of the main thread of a process: some 0.2 ms. Null on a system without `/proc`. */
export function readThreadState(pid: number): ThreadReading | null {
  if (process.platform !== 'linux') return null;
  const status = textOf(`/proc/${pid}/status`);
  const main = `/proc/${pid}/task/${pid}`;
  if (status === null) return { thread: GONE, takesSigusr1: false, inspectorIsOpen: false };
  const caught = /^SigCgt:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0';
  return {
    thread: {
      run: RUNS[/^State:\s*(\w)/m.exec(status)?.[1] ?? ''] ?? 'other',
      waitsIn: waitingPlace(main),
      call: systemCall(pid, main),
      children: childNames(main),
    },
    takesSigusr1: (BigInt(`0x${caught}`) & SIGUSR1_BIT) !== 0n,
    inspectorIsOpen: threadNames(pid).includes('InspectorIo'),
  };
}

const GONE: ThreadState = { run: 'gone', waitsIn: null, call: null, children: [] };

/** The kernel says 0 for a thread that runs, and to those who may not know. */
function waitingPlace(main: string): string | null {
  const place = textOf(`${main}/wchan`);
  return place === null || place === '' || place === '0' ? null : place.slice(0, MAX_TEXT);
}

function systemCall(pid: number, main: string): string | null {
  const [number, descriptor] = textOf(`${main}/syscall`)?.split(' ') ?? [];
  const name = DESCRIPTOR_CALLS[process.arch]?.[Number(number)];
  if (name === undefined || number === undefined || !/^\d+$/.test(number)) return null;
  const target = linkOf(`/proc/${pid}/fd/${Number(descriptor)}`);
  return (target === null ? name : `${name} ${target}`).slice(0, MAX_TEXT);
}

function childNames(main: string): readonly string[] {
  const pids = textOf(`${main}/children`)?.split(' ').filter(Boolean).slice(0, MAX_CHILDREN) ?? [];
  return pids.flatMap((pid) => textOf(`/proc/${Number(pid)}/comm`) ?? []);
}

function threadNames(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((id) => textOf(`/proc/${pid}/task/${id}/comm`) ?? []);
  } catch {
    return [];
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'latin1').trim();
  } catch {
    return null;
  }
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

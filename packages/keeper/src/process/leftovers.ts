import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Milliseconds, SECOND } from '@maque/kit';
import { CONTROL_SOCKET_ENV, KEEPER_PID_ENV } from '../protocol/worker-env.ts';

/** A process of an app that is kept: its environment names the keeper and its folder, inherited from a worker. */
interface AppProcess {
  readonly pid: number;
  readonly keeperPid: number;
  readonly parent: number;
  readonly session: number;
  /** When it started, in ticks since the boot: tells it from a later one with the same number. */
  readonly startTicks: string;
}

// What a program gets to finish what it writes before it is killed.
const GRACE_MS: Milliseconds = 2 * SECOND;

/**
 * Ends what nobody looks after any more: processes that a worker started and left behind when it died, and workers of an
 * earlier keeper of the same folder that was killed while they were too busy to notice. What was started `detached`, in
 * a session of its own, was meant to outlive its worker and is left alone.
 * @param controlSocketPath which is the lock on the folder: whoever asks must hold it.
 * @param workers process numbers of the keeper's living workers.
 * @returns the processes that are told to end (SIGTERM, and SIGKILL after 2 s); none where there is no /proc.
 */
export function endLeftovers(controlSocketPath: string, workers: ReadonlySet<number>): readonly number[] {
  if (process.platform !== 'linux') return [];
  const leftovers = findLeftovers(resolve(controlSocketPath), workers);
  for (const { pid } of leftovers) signal(pid, 'SIGTERM');
  if (leftovers.length > 0) setTimeout(killThose, GRACE_MS, leftovers).unref();
  return leftovers.map(({ pid }) => pid);
}

function findLeftovers(controlSocketPath: string, workers: ReadonlySet<number>): readonly AppProcess[] {
  const ownSession = readStat(process.pid)?.session;
  const processes = readAppProcesses(controlSocketPath);
  const pids = new Set(processes.map(({ pid }) => pid));
  return processes.filter(({ pid, keeperPid, session }) => {
    if (pids.has(session)) return false;
    // There is one keeper of a folder at a time, so any other is no more.
    return keeperPid !== process.pid || (session === ownSession && !belongsToOne(pid, workers));
  });
}

function killThose(processes: readonly AppProcess[]): void {
  for (const { pid, startTicks } of processes) {
    if (readStat(pid)?.startTicks === startTicks) signal(pid, 'SIGKILL');
  }
}

/** Whether a process is a living worker, or descends from one. */
function belongsToOne(pid: number, workers: ReadonlySet<number>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = readStat(at)?.parent) {
    if (workers.has(at)) return true;
  }
  return false;
}

/** Those that this user may look at: 5 ms for 100 processes (measured). */
function readAppProcesses(controlSocketPath: string): readonly AppProcess[] {
  const found: AppProcess[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const environment = readOr('', `/proc/${pid}/environ`).split('\0');
    if (!environment.includes(`${CONTROL_SOCKET_ENV}=${controlSocketPath}`)) continue;
    const keeper = environment.find((variable) => variable.startsWith(`${KEEPER_PID_ENV}=`));
    const stat = readStat(pid);
    if (keeper !== undefined && stat !== undefined) {
      found.push({ pid, keeperPid: Number(keeper.slice(KEEPER_PID_ENV.length + 1)), ...stat });
    }
  }
  return found;
}

/** Undefined for a process that is gone, or dead and only not yet taken note of. */
function readStat(pid: number): Pick<AppProcess, 'parent' | 'session' | 'startTicks'> | undefined {
  const text = readOr('', `/proc/${pid}/stat`);
  // The name before may hold spaces and parentheses itself (proc(5)): state, parent, group, session … start time.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, , session] = fields;
  if (state === undefined || state === '' || state === 'Z') return undefined;
  return { parent: Number(parent), session: Number(session), startTicks: fields[19] ?? '' };
}

function readOr(otherwise: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone by itself, or another user's.
  }
}

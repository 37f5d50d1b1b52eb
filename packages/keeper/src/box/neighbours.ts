import { parseStatm } from '@maque/guard/box';
import { type Bytes, KiB, MINUTE, MiB, type Milliseconds, SECOND } from '@maque/kit';
import type { ProcFiles } from './proc-files.ts';

/** All processes of one name that are not the keeper's. */
export interface Neighbour {
  /** As the kernel knows the command, 15 characters at most. */
  readonly name: string;
  readonly processes: number;
  /** What they hold that cannot be dropped: anonymous and shared memory, shared pages divided where that is known. */
  readonly bytes: Bytes;
  /** Since the round before; null in the first. */
  readonly bytesPerSecond: number | null;
}

interface Found {
  readonly pid: number;
  readonly name: string;
  bytes: Bytes;
}

interface Round {
  readonly beganMs: Milliseconds;
  readonly pids: readonly number[];
  /** How many of them have been looked at. */
  next: number;
  readonly found: Found[];
  /** Those that are still to be looked at in detail; null until all have been looked at. */
  detailed: Found[] | null;
}

const EVERY_MS: Milliseconds = MINUTE;
const HURRIED_EVERY_MS: Milliseconds = 10 * SECOND;
// 20 µs a process: a step takes a millisecond at most, and a box with a hundred processes two steps.
const PIDS_A_STEP = 64;
const MAX_PIDS = 4_096;
const MAX_FOLDERS = 64;
// Smaller ones do not decide whether a box has room.
const LEAST_BYTES: Bytes = 8 * MiB;
const MAX_FOUND = 256;
// A detailed look walks all pages: 0.7 ms for 50 MiB, 14 for a gigabyte.
const DETAILED = 4;
const MOST_DETAILED_BYTES: Bytes = 512 * MiB;
const SHOWN = 8;

/** Looks at the other processes of the box, a few at a time, so that no step takes long however many there are. */
export class Neighbours {
  readonly #files: ProcFiles;
  readonly #pageSize: Bytes;
  #round: Round | null = null;
  #all: readonly Neighbour[] = [];
  #roundMs: Milliseconds = Number.NEGATIVE_INFINITY;

  constructor(files: ProcFiles, pageSize: Bytes) {
    this.#files = files;
    this.#pageSize = pageSize;
  }

  /** The largest by name, the largest first; as of the last round that is complete. */
  get largest(): readonly Neighbour[] {
    return this.#all.slice(0, SHOWN);
  }

  /**
   * Takes the round under way a step on, or begins one when it is time: every minute, every ten seconds in a hurry.
   * @param folder of the control group that is the box; null when the machine is.
   * @param own processes that are no neighbours.
   */
  step(nowMs: Milliseconds, hurried: boolean, folder: string | null, own: ReadonlySet<number>): void {
    const round = this.#round;
    if (round !== null) this.#advance(round);
    else if (Math.abs(nowMs - this.#roundMs) >= (hurried ? HURRIED_EVERY_MS : EVERY_MS)) {
      const pids = this.#pids(folder).filter((pid) => !own.has(pid));
      this.#round = { beganMs: nowMs, pids: pids.slice(0, MAX_PIDS), next: 0, found: [], detailed: null };
    }
  }

  #advance(round: Round): void {
    if (round.next < round.pids.length) {
      for (const pid of round.pids.slice(round.next, round.next + PIDS_A_STEP)) this.#lookAt(pid, round);
      round.next += PIDS_A_STEP;
      return;
    }
    round.detailed ??= sharing(round.found);
    const one = round.detailed.shift();
    if (one === undefined) this.#finish(round);
    else one.bytes = readShare(this.#files, one.pid) ?? one.bytes;
  }

  #lookAt(pid: number, { found }: Round): void {
    const pages = parseStatm(this.#files.readOnce(`/proc/${pid}/statm`) ?? '');
    // What it shares may be memory of its own kind (PostgreSQL's); only the detailed look tells that from file pages.
    if (pages === null || pages.resident * this.#pageSize < LEAST_BYTES || found.length >= MAX_FOUND) return;
    const name = nameOf(this.#files.readOnce(`/proc/${pid}/comm`) ?? '');
    found.push({ pid, name, bytes: pages.anonymous * this.#pageSize });
  }

  #finish({ beganMs, found }: Round): void {
    const elapsedMs = beganMs - this.#roundMs;
    const before = new Map(this.#all.map(({ name, bytes }) => [name, bytes]));
    this.#all = [...Map.groupBy(found, ({ name }) => name)]
      .map(([name, family]) => {
        const bytes = family.reduce((sum, one) => sum + one.bytes, 0);
        const bytesPerSecond = rate(before.get(name), bytes, elapsedMs);
        return { name, processes: family.length, bytes, bytesPerSecond };
      })
      .sort((a, b) => b.bytes - a.bytes);
    this.#roundMs = beganMs;
    this.#round = null;
  }

  #pids(folder: string | null): number[] {
    if (folder === null) return this.#files.folders('/proc').map(Number).filter(isPid);
    const pids: number[] = [];
    const folders = [folder];
    for (let at = 0; at < folders.length && at < MAX_FOLDERS; at += 1) {
      const path = folders[at] ?? folder;
      const text = this.#files.readOnce(`${path}/cgroup.procs`) ?? '';
      pids.push(...text.split('\n').slice(0, MAX_PIDS).map(Number).filter(isPid));
      if (folders.length < MAX_FOLDERS)
        folders.push(...this.#files.folders(path).map((name) => `${path}/${name}`));
    }
    return pids;
  }
}

/** The largest of those whose pages may be counted twice: a process without a sibling shares them with nobody. */
function sharing(found: readonly Found[]): Found[] {
  const families = [...Map.groupBy(found, ({ name }) => name).values()];
  const siblings = families.filter(({ length }) => length > 1).flat();
  const affordable = siblings.filter(({ bytes }) => bytes <= MOST_DETAILED_BYTES);
  return affordable.sort((a, b) => b.bytes - a.bytes).slice(0, DETAILED);
}

function isPid(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

function rate(before: Bytes | undefined, now: Bytes, elapsedMs: Milliseconds): number | null {
  if (before === undefined || !(elapsedMs > 0) || !Number.isFinite(elapsedMs)) return null;
  return (now - before) / (elapsedMs / SECOND);
}

/** Its part of what cannot be dropped: file pages can. Null where the kernel does not tell, or not us. */
function readShare(files: ProcFiles, pid: number): Bytes | null {
  const text = files.readOnce(`/proc/${pid}/smaps_rollup`) ?? '';
  const anonymous = kibibytes(text, 'Pss_Anon');
  return anonymous === null ? kibibytes(text, 'Pss') : anonymous + (kibibytes(text, 'Pss_Shmem') ?? 0);
}

function kibibytes(text: string, field: string): Bytes | null {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text);
  return match === null ? null : Number(match[1]) * KiB;
}

/** A process may call itself what it likes: what does not print is shown as `?`. Node's main thread is named so. */
function nameOf(comm: string): string {
  const name = comm
    .trim()
    .slice(0, 15)
    .replaceAll(/[^\x20-\x7e]/g, '?');
  if (name === 'MainThread' || name === 'node-MainThread') return 'node';
  return name === '' ? '?' : name;
}

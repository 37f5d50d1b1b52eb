import { memoryGroupOf, statField } from '@maque/guard/box';
import { MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import type { ProcFiles } from './proc-files.ts';

/** How many processes the kernel killed for want of memory, since the keeper began. */
export interface OomKills {
  /** In the keeper's own control group: its workers and what they started. */
  readonly own: number;
  /** Elsewhere on the machine. */
  readonly elsewhere: number;
}

const EVENTS = { 1: 'memory.oom_control', 2: 'memory.events' } as const;
// The group changes as good as never.
const SEARCH_EVERY_MS: Milliseconds = MINUTE;
// The exit of a worker that was killed is heard some milliseconds after the count; a worker under strain takes longer.
const CLAIM_MS: Milliseconds = 2 * SECOND;

interface Counts {
  readonly own: number | null;
  readonly machine: number | null;
}

/** Reads the kernel's counts of OOM kills, and tells those that a worker's death explains from the others. */
export class OomKillWatch {
  readonly #files: ProcFiles;
  #eventsFile: string | null = null;
  #searchedMs: Milliseconds = Number.NEGATIVE_INFINITY;
  #counts: Counts = { own: null, machine: null };
  #total: OomKills = { own: 0, elsewhere: 0 };
  /** Kills in the own group that no worker's death has explained yet, and when the newest was seen. */
  #open = { kills: 0, elsewhere: 0, sinceMs: 0 };

  constructor(files: ProcFiles) {
    this.#files = files;
  }

  get total(): OomKills {
    return this.#total;
  }

  /** Reads the counters: 30 µs, most of them for /proc/vmstat. The first look is what all others are measured by. */
  look(nowMs: Milliseconds): void {
    if (Math.abs(nowMs - this.#searchedMs) >= SEARCH_EVERY_MS) {
      this.#searchedMs = nowMs;
      this.#search();
    }
    const counts = this.#read();
    const own = riseOf(this.#counts.own, counts.own);
    const elsewhere = Math.max(0, riseOf(this.#counts.machine, counts.machine) - own);
    this.#counts = counts;
    if (own + elsewhere === 0) return;
    this.#total = { own: this.#total.own + own, elsewhere: this.#total.elsewhere + elsewhere };
    this.#open = {
      kills: this.#open.kills + own,
      elsewhere: this.#open.elsewhere + elsewhere,
      sinceMs: nowMs,
    };
  }

  /** Whether the SIGKILL that ended a worker just now was the kernel's: one such kill is explained by it. */
  claim(nowMs: Milliseconds): boolean {
    this.look(nowMs);
    // Without a group of its own, the machine's count is all that is known.
    const from = this.#open.kills > 0 ? 'kills' : this.#counts.own === null ? 'elsewhere' : null;
    if (from === null || this.#open[from] === 0) return false;
    this.#open = { ...this.#open, [from]: this.#open[from] - 1 };
    return true;
  }

  /** Kills that no worker's death has explained in time, told once: a worker's child, or somebody else's process. */
  unexplained(nowMs: Milliseconds): OomKills | null {
    const { kills, elsewhere, sinceMs } = this.#open;
    if (kills + elsewhere === 0 || Math.abs(nowMs - sinceMs) < CLAIM_MS) return null;
    this.#open = { kills: 0, elsewhere: 0, sinceMs };
    return { own: kills, elsewhere };
  }

  #search(): void {
    const group = memoryGroupOf(this.#files);
    const file = group === null ? null : `${group.folder}/${EVENTS[group.version]}`;
    // The root of version 2 counts nothing. Another group has another count.
    if (file !== this.#eventsFile) this.#counts = { ...this.#counts, own: null };
    this.#eventsFile = file;
  }

  #read(): Counts {
    const events = this.#eventsFile === null ? null : this.#files.read(this.#eventsFile);
    return {
      own: events === null ? null : statField(events, 'oom_kill'),
      machine: statField(this.#files.read('/proc/vmstat') ?? '', 'oom_kill'),
    };
  }
}

/** A counter that was not there before, or that fell, is another counter. */
function riseOf(before: number | null, now: number | null): number {
  return before === null || now === null ? 0 : Math.max(0, now - before);
}

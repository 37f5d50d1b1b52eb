import { CgroupReader, readHost, tighter } from '@maque/guard/box';
import { type Bytes, type Clock, MiB, type Milliseconds, SECOND } from '@maque/kit';
import { type BoxDecision, type BoxMemory, type BoxRules, FRESH_MEMORY } from './box-decision.ts';
import { usedShare } from './box-room.ts';
import type { BoxView, WatchedWorker } from './box-view.ts';
import { type Growth, GrowthTrack } from './growth-track.ts';
import { judgeBox } from './judge-box.ts';
import { Neighbours } from './neighbours.ts';
import { type OomKills, OomKillWatch } from './oom-kills.ts';
import type { ProcFiles } from './proc-files.ts';
import { ownPageSize } from './worker-memory.ts';
import { WorkerWatch } from './worker-watch.ts';

/** A decision, and what the kernel did meanwhile. */
export interface BoxNews extends BoxDecision {
  /** OOM kills that no worker's death explains, told once. */
  readonly oomKills: OomKills | null;
}

/** What is known of a worker that the kernel killed for want of memory. */
export interface OomKillCause {
  /** What was full. */
  readonly kind: 'cgroup' | 'machine';
  readonly limitBytes: Bytes;
  /** As of the last look. */
  readonly usedBytes: Bytes | null;
  readonly workerBytes: Bytes | null;
  readonly bytesPerSecond: number | null;
}

// A glance at two workers takes 80 µs of a process that was asleep, a look several times that (nothing is in a cache then).
// So while all is calm there is a look every two seconds and glances between: 0.06 % of a core with the rounds among a
// hundred neighbours, measured on two busy cores. 50 MB/s are seen after 25 MB, and followed from call to call.
const CALM_MS: Milliseconds = 2 * SECOND;
const FULLER_MS: Milliseconds = SECOND;
const SHORT_MS: Milliseconds = SECOND / 2;
const FULLER_SHARE = 0.85;
const GLANCE_MS: Milliseconds = SECOND / 2;
// What a glance answers with a look: 8 MB/s.
const GLANCE_BYTES: Bytes = 4 * MiB;
const BRISK_RATE = MiB;
const KILLS_EVERY_MS: Milliseconds = 2 * SECOND;

const NOTHING: BoxNews = {
  level: 'none',
  reasons: [],
  recycle: null,
  kill: null,
  evacuate: null,
  spareFits: true,
  oomKills: null,
};

/** Watches the box and the keeper's workers from outside. Nothing that it cannot read is an error. */
export class BoxWatch {
  readonly #files: ProcFiles;
  readonly #clock: Clock;
  readonly #rules: BoxRules;
  readonly #groups: CgroupReader;
  readonly #workers: WorkerWatch;
  readonly #neighbours: Neighbours;
  readonly #kills: OomKillWatch;
  #others = new GrowthTrack();
  #memory: BoxMemory = FRESH_MEMORY;
  #view: BoxView | null = null;
  /** What stands until the next look. */
  #standing = NOTHING;
  #glancedMs: Milliseconds = Number.NEGATIVE_INFINITY;
  #killsMs: Milliseconds = Number.NEGATIVE_INFINITY;

  constructor(files: ProcFiles, clock: Clock, rules: BoxRules) {
    this.#files = files;
    this.#clock = clock;
    this.#rules = rules;
    this.#groups = new CgroupReader(files, clock);
    const pageSize = ownPageSize(files, process.memoryUsage.rss());
    this.#workers = new WorkerWatch(files, pageSize);
    this.#neighbours = new Neighbours(files, pageSize);
    this.#kills = new OomKillWatch(files);
  }

  /** The box as it was at the last look; null before the first. */
  get view(): BoxView | null {
    return this.#view;
  }

  /** Whether something grows so fast that every look counts. */
  get isBrisk(): boolean {
    return this.#view !== null && this.#paceMs(this.#view) === 0;
  }

  /**
   * To be called at every tick, with all workers. What is to be done is answered once, by the call that found it; the
   * level and its reasons stand until the next look.
   */
  look(workers: readonly WatchedWorker[]): BoxNews {
    const nowMs = this.#clock.monotonic();
    return this.#isTime(workers, nowMs) ? this.#lookNow(workers, nowMs) : this.#standing;
  }

  /** The same out of turn: something has happened that cannot wait. */
  lookNow(workers: readonly WatchedWorker[]): BoxNews {
    return this.#lookNow(workers, this.#clock.monotonic());
  }

  /**
   * To be asked once for each worker that SIGKILL ended and that the keeper did not kill itself.
   * @returns null when it was not the kernel, for want of memory, who did it.
   */
  explainKill(id: string): OomKillCause | null {
    if (!this.#kills.claim(this.#clock.monotonic()) || this.#view === null) return null;
    const { kind, limitBytes, usedBytes, workers } = this.#view;
    const growth = workers.find((worker) => worker.id === id)?.growth;
    const told = { workerBytes: growth?.bytes ?? null, bytesPerSecond: growth?.rateNow ?? null };
    return { kind, limitBytes, usedBytes, ...told };
  }

  close(): void {
    this.#files.close();
  }

  #lookNow(workers: readonly WatchedWorker[], nowMs: Milliseconds): BoxNews {
    this.#glancedMs = nowMs;
    const view = this.#see(workers, nowMs);
    const { decision, memory } = judgeBox(view, this.#memory, this.#rules);
    this.#view = view;
    this.#memory = memory;
    this.#standing = { ...decision, recycle: null, kill: null, evacuate: null, oomKills: null };
    return { ...decision, oomKills: this.#unexplainedKills(nowMs, view.kind) };
  }

  #isTime(workers: readonly WatchedWorker[], nowMs: Milliseconds): boolean {
    const view = this.#view;
    if (view === null || nowMs < view.atMs || nowMs - view.atMs >= this.#paceMs(view)) return true;
    if (nowMs - this.#glancedMs < GLANCE_MS) return false;
    this.#glancedMs = nowMs;
    return this.#workers.hasGrown(workers, GLANCE_BYTES);
  }

  #paceMs(view: BoxView): Milliseconds {
    if (view.workers.some(({ growth }) => growth.rateNow >= BRISK_RATE)) return 0;
    if (this.#standing.level !== 'none') return SHORT_MS;
    return usedShare(view) >= FULLER_SHARE ? FULLER_MS : CALM_MS;
  }

  #see(workers: readonly WatchedWorker[], nowMs: Milliseconds): BoxView {
    const group = this.#groups.read();
    const host = readHost(this.#files);
    const { kind, limit, used, stall } = tighter(group, host);
    const seen = this.#workers.see(workers, nowMs, (host.swapUsed ?? 0) > 0);
    const others = this.#otherGrowth(kind, used === null ? null : used - seen.anonymousBytes, nowMs);
    const own = new Set([process.pid, ...workers.map(({ pid }) => pid)]);
    const folder = kind === 'cgroup' ? (group?.folder ?? null) : null;
    this.#neighbours.step(nowMs, this.#standing.level !== 'none', folder, own);
    return {
      atMs: nowMs,
      kind,
      limitBytes: limit,
      usedBytes: used,
      swapUsedBytes: host.swapUsed ?? 0,
      swapFreeBytes: kind === 'machine' ? (host.swapFree ?? 0) : 0,
      stall,
      workers: seen.views,
      others,
      neighbours: this.#neighbours.largest,
      oomKills: this.#kills.total,
    };
  }

  #otherGrowth(kind: BoxView['kind'], bytes: Bytes | null, nowMs: Milliseconds): Growth | null {
    if (bytes === null) return null;
    // What is others' in a control group and on the machine are two different sums.
    if (this.#view !== null && this.#view.kind !== kind) this.#others = new GrowthTrack();
    this.#others.add(nowMs, bytes);
    return this.#others.growth();
  }

  /** In a control group what happens elsewhere on the machine is others' business. */
  #unexplainedKills(nowMs: Milliseconds, kind: BoxView['kind']): OomKills | null {
    if (Math.abs(nowMs - this.#killsMs) < KILLS_EVERY_MS) return null;
    this.#killsMs = nowMs;
    this.#kills.look(nowMs);
    const kills = this.#kills.unexplained(nowMs);
    if (kills === null || (kind === 'cgroup' && kills.own === 0)) return null;
    return kills;
  }
}

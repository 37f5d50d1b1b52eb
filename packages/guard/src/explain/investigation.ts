import { getHeapStatistics } from 'node:v8';
import type { Bytes, Clock, Milliseconds } from '@maque/kit';
import type { OwnHeap } from '../own-heap.ts';
import { onMajorCollection } from '../sample/major-collections.ts';
import type { Schedule } from '../sample/schedule.ts';
import type { RoutedStack } from './function-routes.ts';
import { HeapProfiler, type LiveSample, type ReadSamples } from './heap-profiler.ts';
import type { Refusal } from './leak-report.ts';
import { isOfGuard, type Survivor } from './leak-sites.ts';
import { type ListenerPile, ListenerWatch } from './listener-watch.ts';
import { OutsideMemory, type OutsideStep } from './outside-memory.ts';
import {
  coarserInterval,
  keptSamples,
  LONGEST_IDLE_PAUSE_MS,
  predictCollection,
  predictRead,
  predictReadCollection,
} from './profile-cost.ts';
import { type RequestSurvival, RequestWatch } from './request-watch.ts';
import { type ResourcePile, ResourceWatch } from './resource-watch.ts';
import type { ShortTurns } from './short-turns.ts';
import { oncePerStack } from './stack-frame.ts';
import { markKind, TimeMarks } from './time-marks.ts';
import { nextMajorCollection } from './wait.ts';

// As fine as traffic is counted. Later marks are further apart, by a share of the time watched so far, so that they
// last: with three parts of the capacity about as many are made by three minutes as there may be.
const LEAST_MARK_MS: Milliseconds = 250;
const MARK_SHARE = 3;

// What began later than this before the end may well be in use still; after a short look, a quarter of it.
const IN_USE_MS: Milliseconds = 5_000;
const IN_USE_SHARE = 0.25;

// While memory grows, V8 collects by itself every few seconds to half a minute. Waiting for it saves the process a pause;
// after a short look, no longer than a quarter of it.
const COLLECTION_WAIT_MS: Milliseconds = 15_000;
const COLLECTION_WAIT_SHARE = 0.25;

/** Everything that was seen in one investigation. */
export interface Findings {
  readonly startedAtMs: Milliseconds;
  readonly endedAtMs: Milliseconds;
  /** When the profile was started; later than the rest where the first one kept too much. */
  readonly profiledFromMs: Milliseconds;
  /** What was allocated from then until some seconds before the end, and is alive: a part, if it is much. Empty if not read. */
  readonly survivors: readonly Survivor[];
  /** The profile's sampling interval. */
  readonly interval: Bytes;
  readonly profileRead: boolean;
  readonly refused: readonly Refusal[];
  readonly requests: readonly RequestSurvival[];
  /** Share of the requests that had a route frame. */
  readonly followedShare: number;
  readonly resources: readonly ResourcePile[];
  readonly listeners: readonly ListenerPile[];
  /** Stacks of which the route is known. */
  readonly routedStacks: readonly RoutedStack[];
  /** Requests by route, in bins that begin at `startedAtMs`. */
  readonly traffic: ReadonlyMap<string, Float64Array>;
  readonly binMs: Milliseconds;
  /** How memory outside the heap grew. */
  readonly outside: readonly OutsideStep[];
  readonly routeNames: ReadonlyMap<number, string>;
  /** Open timers, sockets and other handles of the process by kind, at the start and at the end. */
  readonly handles: ReadonlyMap<string, readonly [before: number, now: number]>;
}

export interface InvestigationOptions {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly interval: Bytes;
  readonly own: OwnHeap;
  /** Bytes that live in the heap when it begins. */
  readonly live: Bytes;
  /** It watches no longer than this. */
  readonly longestMs: Milliseconds;
}

/** What looking at the profile may cost. */
export interface ReadLimits {
  readonly maxPauseMs: Milliseconds;
  /** Bytes that live in the heap. */
  readonly live: Bytes;
  /** When the last major collection was; null if there was none. */
  readonly collectedAtMs: Milliseconds | null;
  /** Makes one. @returns how long it took; null if it cannot. */
  readonly collect: () => Milliseconds | null;
  /** Aborted when the process serves nobody any more: then no pause hurts, and V8 has no reason to collect by itself. */
  readonly idle: AbortSignal;
  readonly signal: AbortSignal;
}

interface ProfileReading {
  readonly read: ReadSamples | null;
  readonly collectedAtMs: Milliseconds;
  readonly refused: readonly Refusal[];
}

// Of many survivors every so-manieth tells as much: a place that has three percent of them has 240.
const MOST_SURVIVORS = 8_000;

/** What is there to be told when the profile has been read. */
interface Dated {
  readonly survivors: readonly Survivor[];
  readonly untilMs: Milliseconds;
  readonly nowMs: Milliseconds;
  readonly isIdle: boolean;
}

/** One closer look at a process whose memory is suspect: everything that costs something to watch, for a bounded time. */
export class Investigation {
  readonly startedAtMs: Milliseconds;
  /** Whether there is an allocation profile: V8 has one profiler only, which another tool may hold. */
  readonly isProfiling: boolean;
  readonly #options: InvestigationOptions;
  readonly #profiler = new HeapProfiler();
  readonly #requests: RequestWatch;
  readonly #resources: ResourceWatch;
  readonly #listeners: ListenerWatch;
  readonly #outside = new OutsideMemory();
  readonly #handles = countHandles();
  readonly #endWatchingCollections: () => void;
  #interval: Bytes;
  #marks: TimeMarks;
  #profiledFromMs: Milliseconds;
  #liveAtStart: Bytes;
  #unschedule = () => {};

  constructor(options: InvestigationOptions) {
    const { clock, interval, longestMs, own } = options;
    this.#options = options;
    this.#interval = interval;
    this.#liveAtStart = options.live;
    this.isProfiling = this.#profiler.start(interval);
    this.startedAtMs = clock.monotonic();
    this.#profiledFromMs = this.startedAtMs;
    this.#marks = new TimeMarks(interval, own);
    this.#endWatchingCollections = onMajorCollection(() => this.#keepReadable());
    this.#requests = new RequestWatch(clock, longestMs);
    const routeNow = () => this.#requests.currentRoute();
    this.#resources = new ResourceWatch(clock, routeNow);
    this.#listeners = new ListenerWatch(routeNow);
    this.#mark();
  }

  /** When the profile was started; later than the rest where the first one kept too much. */
  get profiledFromMs(): Milliseconds {
    return this.#profiledFromMs;
  }

  get #ageMs(): Milliseconds {
    return this.#options.clock.monotonic() - this.startedAtMs;
  }

  /** What has been allocated since the profile was started and lives. @param live what does altogether. */
  #grown(live: Bytes): Bytes {
    return Math.max(0, live - this.#liveAtStart);
  }

  /** Starts the profile anew with samples further apart, where it has kept more than can be read in time. After a collection. */
  #keepReadable(): void {
    if (!this.#profiler.isRunning) return;
    const { clock, longestMs } = this.#options;
    const nowMs = clock.monotonic();
    const live = getHeapStatistics().used_heap_size;
    const coarser = coarserInterval({
      interval: this.#interval,
      grown: this.#grown(live),
      ageMs: nowMs - this.#profiledFromMs,
      longestMs: longestMs - this.#ageMs,
    });
    if (coarser === null || !this.#profiler.start(coarser)) return;
    this.#interval = coarser;
    this.#liveAtStart = live;
    this.#profiledFromMs = nowMs;
    this.#marks.drop();
    this.#marks = new TimeMarks(coarser, this.#options.own);
  }

  /**
   * What has been found. Ends the profile; to be called once more only if that was not read.
   * @param turns in which the work is done.
   * @throws what the signal says when it is aborted.
   */
  async findings(limits: ReadLimits, turns: ShortTurns): Promise<Findings> {
    const { read, collectedAtMs, refused } = await this.#readProfile(limits, turns);
    const nowMs = this.#options.clock.monotonic();
    const inUseMs = Math.min(IN_USE_MS, (nowMs - this.#profiledFromMs) * IN_USE_SHARE);
    const untilMs = collectedAtMs - inUseMs;
    // Weak references that were looked at hold their object until the turn is over.
    const samples = await turns.next(() => read?.() ?? []);
    const survivors = await turns.next(() => this.#datedSurvivors(samples, untilMs));
    const tell = () => this.#told({ survivors, untilMs, nowMs, isIdle: limits.idle.aborted });
    return { ...(await turns.next(tell)), profileRead: read !== null, refused };
  }

  #datedSurvivors(samples: readonly LiveSample[], untilMs: Milliseconds): Survivor[] {
    const timeOf = this.#marks.clockOf(samples);
    const isOwn = oncePerStack((stack) => markKind(stack) !== null || isOfGuard(stack));
    const atMs = ({ ordinal }: LiveSample) => timeOf?.(ordinal) ?? this.#profiledFromMs;
    const others = samples.filter((sample) => !isOwn(sample.stack) && atMs(sample) < untilMs);
    const every = Math.max(1, Math.ceil(others.length / MOST_SURVIVORS));
    return others
      .filter((_, index) => index % every === 0)
      .map((sample) => ({ ...sample, bytes: sample.bytes * every, atMs: atMs(sample) }));
  }

  #told({ survivors, untilMs, nowMs, isIdle }: Dated): Omit<Findings, 'profileRead' | 'refused'> {
    const { traffic } = this.#requests;
    // The quiet end of a process that serves nobody any more says nothing of what comes steadily.
    const activeMs = Math.max(traffic.lastMs, ...survivors.slice(-1).map(({ atMs }) => atMs));
    const endedAtMs = isIdle ? Math.min(nowMs, activeMs) : nowMs;
    const nameOf = (route: string) => this.#requests.nameOf(route);
    const named = <Found extends { readonly route: string | null }>(found: readonly Found[]) =>
      found.map((each) => ({ ...each, route: each.route === null ? null : nameOf(each.route) }));
    return {
      startedAtMs: this.startedAtMs,
      endedAtMs,
      profiledFromMs: this.#profiledFromMs,
      survivors,
      interval: this.#interval,
      requests: this.#requests.survival(untilMs),
      followedShare: this.#requests.followedShare,
      resources: named(this.#resources.piles(untilMs)),
      listeners: named(this.#listeners.piles()),
      routedStacks: this.#resources.routedStacks(nameOf),
      traffic: traffic.until(traffic.binOf(untilMs), nameOf),
      binMs: traffic.binMs,
      outside: this.#outside.steps,
      routeNames: this.#requests.routeNames(),
      handles: compareHandles(this.#handles, countHandles()),
    };
  }

  async #readProfile(limits: ReadLimits, turns: ShortTurns): Promise<ProfileReading> {
    const { idle } = limits;
    const unread = (refusal: Refusal): ProfileReading => ({
      read: null,
      collectedAtMs: limits.collectedAtMs ?? 0,
      refused: [refusal],
    });
    if (!this.isProfiling) return unread({ code: 'profiler-taken' });
    // The collection that it waits for now must not start the profile anew.
    this.#endWatchingCollections();
    const isCollected = !this.#profiler.collects && (await this.#isCollectedSoon(limits));
    const live = isCollected ? getHeapStatistics().used_heap_size : limits.live;
    const predictedMs = this.#predictRead(live) + (isCollected ? 0 : this.#predictCollection(live));
    const maxPauseMs = idle.aborted ? LONGEST_IDLE_PAUSE_MS : limits.maxPauseMs;
    if (predictedMs > maxPauseMs) {
      return unread({ code: 'pause-too-long', predictedMs: Math.round(predictedMs), allowedMs: maxPauseMs });
    }
    const mustCollect = !this.#profiler.collects && !isCollected;
    return turns.now(() => {
      if (mustCollect && limits.collect() === null) return unread({ code: 'cannot-collect' });
      const collectedAtMs = this.#options.clock.monotonic();
      return { read: this.#profiler.read(), collectedAtMs, refused: [] };
    });
  }

  #predictRead(live: Bytes): Milliseconds {
    return predictRead(keptSamples({ grown: this.#grown(live), interval: this.#interval }));
  }

  #predictCollection(live: Bytes): Milliseconds {
    return this.#profiler.collects ? predictReadCollection(live) : predictCollection(live);
  }

  async #isCollectedSoon({ idle, signal }: ReadLimits): Promise<boolean> {
    if (idle.aborted) return false;
    const longestMs = Math.min(COLLECTION_WAIT_MS, this.#ageMs * COLLECTION_WAIT_SHARE);
    const over = AbortSignal.any([idle, signal]);
    return await nextMajorCollection(longestMs, this.#options.schedule, over).catch((error: unknown) => {
      signal.throwIfAborted();
      if (!idle.aborted) throw error;
      return false;
    });
  }

  stop(): void {
    this.#unschedule();
    this.#endWatchingCollections();
    this.#profiler.stop();
    this.#marks.drop();
    this.#requests.stop();
    this.#resources.stop();
    this.#listeners.stop();
  }

  #mark(): void {
    const nowMs = this.#options.clock.monotonic();
    this.#marks.add(nowMs);
    this.#outside.add(nowMs);
    const nextMs = Math.max(LEAST_MARK_MS, (MARK_SHARE * this.#ageMs) / this.#marks.capacity);
    this.#unschedule = this.#options.schedule(() => this.#mark(), nextMs);
  }
}

/** Of a process that nobody watched. */
export function noFindings(nowMs: Milliseconds): Findings {
  return {
    startedAtMs: nowMs,
    endedAtMs: nowMs,
    profiledFromMs: nowMs,
    survivors: [],
    interval: 0,
    profileRead: false,
    refused: [{ code: 'not-watched' }],
    requests: [],
    followedShare: 0,
    resources: [],
    listeners: [],
    routedStacks: [],
    traffic: new Map(),
    binMs: 1,
    outside: [],
    routeNames: new Map(),
    handles: new Map(),
  };
}

function countHandles(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

function compareHandles(
  before: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
): Map<string, readonly [number, number]> {
  return new Map([...now].map(([kind, count]) => [kind, [before.get(kind) ?? 0, count] as const]));
}

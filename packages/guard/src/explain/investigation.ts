import type { Bytes, Clock, Milliseconds } from '@maque/kit';
import type { OwnHeap } from '../own-heap.ts';
import type { Schedule } from '../sample/schedule.ts';
import type { RoutedStack } from './function-routes.ts';
import { HeapProfiler, type LiveProfile } from './heap-profiler.ts';
import type { Refusal } from './leak-report.ts';
import { isOfGuard, oncePerStack, type Survivor } from './leak-sites.ts';
import { type ListenerPile, ListenerWatch } from './listener-watch.ts';
import { OutsideMemory, type OutsideStep } from './outside-memory.ts';
import { LONGEST_IDLE_PAUSE_MS, predictCollectingRead, predictCollection } from './profile-cost.ts';
import { type RequestSurvival, RequestWatch } from './request-watch.ts';
import { type ResourcePile, ResourceWatch } from './resource-watch.ts';
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
  /** What was allocated from the start until some seconds before the end, and is alive. Empty if not read. */
  readonly survivors: readonly Survivor[];
  /** The profile's sampling interval. */
  readonly interval: Bytes;
  readonly profileRead: boolean;
  /** How long the process stood still at most, to read the profile or to collect garbage before. */
  readonly pauseMs: Milliseconds;
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
  readonly profile: LiveProfile | null;
  readonly collectedAtMs: Milliseconds;
  readonly pauseMs: Milliseconds;
  readonly refused: readonly Refusal[];
}

/** One closer look at a process whose memory is suspect: everything that costs something to watch, for a bounded time. */
export class Investigation {
  readonly startedAtMs: Milliseconds;
  /** Whether there is an allocation profile: V8 has one profiler only, which another tool may hold. */
  readonly isProfiling: boolean;
  readonly #options: InvestigationOptions;
  readonly #profiler: HeapProfiler;
  readonly #requests: RequestWatch;
  readonly #resources: ResourceWatch;
  readonly #listeners: ListenerWatch;
  readonly #marks: TimeMarks;
  readonly #outside = new OutsideMemory();
  readonly #handles = countHandles();
  #unschedule = () => {};

  constructor(options: InvestigationOptions) {
    const { clock, interval, longestMs, own } = options;
    this.#options = options;
    this.#profiler = new HeapProfiler(clock);
    this.isProfiling = this.#profiler.start(interval);
    this.startedAtMs = clock.monotonic();
    this.#marks = new TimeMarks(interval, own);
    this.#requests = new RequestWatch(clock, longestMs);
    const routeNow = () => this.#requests.currentRoute();
    this.#resources = new ResourceWatch(clock, routeNow);
    this.#listeners = new ListenerWatch(routeNow);
    this.#mark();
  }

  get #ageMs(): Milliseconds {
    return this.#options.clock.monotonic() - this.startedAtMs;
  }

  /**
   * What has been found. Ends the profile; to be called once more only if that was not read.
   * @throws what the signal says when it is aborted.
   */
  async findings(limits: ReadLimits): Promise<Findings> {
    const { profile, collectedAtMs, pauseMs, refused } = await this.#readProfile(limits);
    const nowMs = this.#options.clock.monotonic();
    // Weak references that were looked at hold their object until the turn is over.
    await new Promise((resolve) => setImmediate(resolve));
    const inUseMs = Math.min(IN_USE_MS, (nowMs - this.startedAtMs) * IN_USE_SHARE);
    const untilMs = collectedAtMs - inUseMs;
    const timeOf = profile === null ? null : this.#marks.clockOf(profile.samples);
    const isOwn = oncePerStack((stack) => markKind(stack) !== null || isOfGuard(stack));
    const survivors = (profile?.samples ?? [])
      .filter(({ stack }) => !isOwn(stack))
      .map((sample) => ({ ...sample, atMs: timeOf?.(sample.ordinal) ?? this.startedAtMs }))
      .filter(({ atMs }) => atMs < untilMs);
    const { traffic } = this.#requests;
    // The quiet end of a process that serves nobody any more says nothing of what comes steadily.
    const activeMs = Math.max(traffic.lastMs, ...survivors.slice(-1).map(({ atMs }) => atMs));
    const endedAtMs = limits.idle.aborted ? Math.min(nowMs, activeMs) : nowMs;
    const nameOf = (route: string) => this.#requests.nameOf(route);
    const named = <Found extends { readonly route: string | null }>(found: readonly Found[]) =>
      found.map((each) => ({ ...each, route: each.route === null ? null : nameOf(each.route) }));
    return {
      startedAtMs: this.startedAtMs,
      endedAtMs,
      survivors,
      interval: this.#options.interval,
      profileRead: profile !== null,
      pauseMs,
      refused,
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

  async #readProfile(limits: ReadLimits): Promise<ProfileReading> {
    const { live, idle } = limits;
    const unread = (refusal: Refusal): ProfileReading => ({
      profile: null,
      collectedAtMs: limits.collectedAtMs ?? 0,
      pauseMs: 0,
      refused: [refusal],
    });
    if (!this.isProfiling) return unread({ code: 'profiler-taken' });
    const predictedMs = this.#profiler.collects
      ? predictCollectingRead(live)
      : (await this.#isCollectedSoon(limits))
        ? 0
        : predictCollection(live);
    const maxPauseMs = idle.aborted ? LONGEST_IDLE_PAUSE_MS : limits.maxPauseMs;
    if (predictedMs > maxPauseMs) {
      return unread({ code: 'pause-too-long', predictedMs: Math.round(predictedMs), allowedMs: maxPauseMs });
    }
    const mustCollect = !this.#profiler.collects && predictedMs > 0;
    const collectionMs = mustCollect ? limits.collect() : 0;
    if (collectionMs === null) return unread({ code: 'cannot-collect' });
    const collectedAtMs = this.#options.clock.monotonic();
    const profile = this.#profiler.read();
    return { profile, collectedAtMs, pauseMs: collectionMs + profile.pauseMs, refused: [] };
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
    survivors: [],
    interval: 0,
    profileRead: false,
    pauseMs: 0,
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

import { createHook } from 'node:async_hooks';
import { getCallSites } from 'node:util';
import type { Clock, Milliseconds } from '@maque/kit';
import type { RoutedStack } from './function-routes.ts';
import type { StackFrame } from './stack-frame.ts';

// Not things that pile up: they are over at the next turn of the loop, or once for each packet.
const PASSING = new Set([
  'TickObject',
  'Immediate',
  'Microtask',
  'PROMISE',
  'HTTPINCOMINGMESSAGE',
  'WRITEWRAP',
]);

// A stack costs about 10 µs and 4 KiB: all of them 10 ms and 4 MiB.
const MAX_PROBES = 1_000;
// Of one kind for one route; spread over a minute, so that there are old ones among them.
const MAX_PROBES_PER_KIND = 60;
const KIND_EVERY_MS: Milliseconds = 1_000;
const STACK_DEPTH = 24;

interface ResourceProbe {
  readonly kind: string;
  readonly route: string | null;
  readonly atMs: Milliseconds;
  readonly stack: readonly StackFrame[];
  readonly resource: WeakRef<object>;
}

/** Things of one kind, such as timers or sockets, that were made for one route at one place. */
export interface ResourcePile {
  /** Node's name for the kind, such as `Timeout`, `ZLIB` or `TCPSERVERWRAP`. */
  readonly kind: string;
  /** The class that owns them, such as `Gzip`; null where nobody tells. */
  readonly owner: string | null;
  readonly route: string | null;
  /** Followed and old enough to judge. */
  readonly followed: number;
  readonly alive: number;
  /** Where they were made, the leaf first. */
  readonly stack: readonly StackFrame[];
}

/**
 * Follows some of the timers, sockets, streams and other handles that are made while memory is suspect, with the stack
 * and the route they were made for.
 */
export class ResourceWatch {
  readonly #probes: ResourceProbe[] = [];
  readonly #perKind = new Map<string, { count: number; atMs: Milliseconds }>();
  readonly #hook: ReturnType<typeof createHook>;
  readonly #clock: Clock;
  readonly #routeNow: () => string | null;

  constructor(clock: Clock, routeNow: () => string | null) {
    this.#clock = clock;
    this.#routeNow = routeNow;
    const options = { init: this.#made, trackPromises: false };
    this.#hook = createHook(options).enable();
  }

  /** Piles of what was made before `beforeMs`, by kind, route and place, largest first. For after a major collection. */
  piles(beforeMs: Milliseconds): ResourcePile[] {
    const groups = new Map<string, ResourceProbe[]>();
    for (const probe of this.#probes) {
      if (probe.atMs >= beforeMs) continue;
      const key = JSON.stringify([probe.kind, probe.route, probe.stack.slice(0, 6)]);
      groups.set(key, [...(groups.get(key) ?? []), probe]);
    }
    return [...groups.values()].map(pileOf).sort((a, b) => b.alive - a.alive);
  }

  /** Stacks of which the route is known. */
  routedStacks(nameOf: (route: string) => string): RoutedStack[] {
    return this.#probes.flatMap(({ route, stack }) =>
      route === null ? [] : [{ route: nameOf(route), stack }],
    );
  }

  stop(): void {
    this.#hook.disable();
    this.#probes.length = 0;
  }

  // Async hooks may not throw: Node ends the process then.
  readonly #made = (_id: number, kind: string, _trigger: number, resource: object): void => {
    if (PASSING.has(kind) || this.#probes.length >= MAX_PROBES) return;
    const atMs = this.#clock.monotonic();
    try {
      const route = this.#routeNow();
      const key = `${kind} ${route}`;
      const seen = this.#perKind.get(key);
      if (seen !== undefined && (seen.count >= MAX_PROBES_PER_KIND || atMs - seen.atMs < KIND_EVERY_MS))
        return;
      this.#perKind.set(key, { count: (seen?.count ?? 0) + 1, atMs });
      this.#probes.push({ kind, route, atMs, stack: callStack(), resource: new WeakRef(resource) });
    } catch {
      // A stack that cannot be read is a probe less.
    }
  };
}

function callStack(): StackFrame[] {
  return getCallSites(STACK_DEPTH, { sourceMap: false })
    .slice(2)
    .map(({ functionName, scriptName, lineNumber, columnNumber }) => ({
      functionName,
      url: scriptName,
      line: lineNumber,
      column: columnNumber,
    }));
}

function pileOf(probes: readonly ResourceProbe[]): ResourcePile {
  const alive = probes
    .map(({ resource }) => resource.deref())
    .filter((resource): resource is object => resource !== undefined);
  const first = probes[0] as ResourceProbe;
  return {
    kind: first.kind,
    owner: alive[0] === undefined ? null : ownerName(alive[0]),
    route: first.route,
    followed: probes.length,
    alive: alive.length,
    stack: first.stack,
  };
}

/** The class of what a handle belongs to: Node keeps it under a symbol of this name. `AsyncResource` says less than the kind. */
function ownerName(resource: object): string | null {
  const symbol = Object.getOwnPropertySymbols(resource).find(
    ({ description }) => description === 'owner_symbol',
  );
  const owner: unknown = symbol === undefined ? resource : Reflect.get(resource, symbol);
  const name: unknown = Object(owner ?? resource).constructor?.name;
  return typeof name === 'string' && name !== '' && name !== 'AsyncResource' ? name : null;
}

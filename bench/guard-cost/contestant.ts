import type { Bytes } from '@maque/kit';
import { switchGuard } from './switch-guard.ts';

/** What a number of requests cost a server. */
export interface WindowCost {
  readonly cpuSeconds: number;
  readonly requests: number;
}

/** A server that is running and a load that rests until a window is opened. */
export interface Contestant {
  readonly pid: number;
  /** Loads the server for so long, after a warm-up that does not count. */
  window(warmUpSeconds: number, seconds: number): Promise<WindowCost>;
  /** Resident memory now. */
  rss(): Bytes;
}

/** CPU time per request in µs. */
export type PairedMicros = readonly [without: number, withGuard: number];

/** Both of a pair: what a request cost, and resident memory under load. */
export interface PairCost {
  readonly micros: PairedMicros;
  readonly rss: readonly [without: Bytes, withGuard: Bytes];
}

/** Until the optimizing compiler is through with a server that has just begun. */
const FIRST_WARM_UP_SECONDS = 1.5;
/** Until caches hold this server's things again instead of the other's. */
const WARM_UP_SECONDS = 0.2;
/** A guard that has just begun watches every collection until its first sample after half a second, hardly any from then on. */
const SETTLE_SECONDS = 0.8;

/**
 * Loads two servers by turns, one rests while the other works: A B B A, so that a machine that grows slower or faster
 * meanwhile meets both alike.
 */
export async function measurePair(
  contestants: readonly [Contestant, Contestant],
  seconds: number,
): Promise<PairCost> {
  for (const contestant of contestants) await contestant.window(FIRST_WARM_UP_SECONDS, 0.1);
  const costs = [new Tally(), new Tally()] as const;
  for (const turn of [0, 1, 1, 0] as const) {
    costs[turn].add(await contestants[turn].window(WARM_UP_SECONDS, seconds));
  }
  return {
    micros: [costs[0].microsPerRequest, costs[1].microsPerRequest],
    rss: [contestants[0].rss(), contestants[1].rss()],
  };
}

/**
 * Loads one server whose guard is switched on and off between windows: no two processes are alike to a percent, but one
 * is like itself half a second later. Which comes first alternates from pair to pair.
 */
export async function measureSwitched(
  contestant: Contestant,
  pairs: number,
  seconds: number,
): Promise<readonly PairedMicros[]> {
  const window = async (): Promise<number> => {
    const tally = new Tally();
    tally.add(await contestant.window(SETTLE_SECONDS, seconds));
    return tally.microsPerRequest;
  };
  const guardedWindow = async (): Promise<number> => {
    await switchGuard(contestant.pid, true);
    const micros = await window();
    await switchGuard(contestant.pid, false);
    return micros;
  };
  await contestant.window(FIRST_WARM_UP_SECONDS, 0.1);
  await guardedWindow();
  const costs: PairedMicros[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    if (pair % 2 === 0) costs.push([await window(), await guardedWindow()]);
    else {
      const withGuard = await guardedWindow();
      costs.push([await window(), withGuard]);
    }
  }
  return costs;
}

class Tally {
  #cpuSeconds = 0;
  #requests = 0;

  add({ cpuSeconds, requests }: WindowCost): void {
    this.#cpuSeconds += cpuSeconds;
    this.#requests += requests;
  }

  get microsPerRequest(): number {
    return (this.#cpuSeconds * 1e6) / this.#requests;
  }
}

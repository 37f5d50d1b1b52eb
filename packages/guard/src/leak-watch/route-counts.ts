/** The part of a request meter that is needed to count by route. */
export interface RouteTotals {
  /** Requests that ended so far, all routes together. */
  readonly total: number;
  /** Of one route. Routes are only ever added. */
  totalOf(route: number): number;
  /** How many routes there are; they are numbered from 0. */
  readonly routeCount: number;
}

interface Slot {
  route: number;
  /** What the route had when it got the slot, and what the slot had counted by then. */
  routeBefore: number;
  slotBefore: number;
}

// The detector keeps eight counts a point; the last is for the rest.
const SLOTS = 7;
// Fewer requests than this say nothing of a route.
const LEAST_REQUESTS = 20;
// A slot changes hands only to a route that is twice as busy: one that wavers around another's traffic must not.
const BUSIER = 2;

/**
 * Follows the busiest routes as cumulative counts of fixed order, one for each of seven slots and one for the rest, so that
 * growth can be held against each. A slot that passes to a busier route goes on counting from where it is: each count
 * is always that of a group of requests, never falls, and all of them add up to the total.
 */
export class RouteCounts {
  readonly #meter: RouteTotals;
  readonly #slots: Slot[] = [];
  #seen: number[] = [];

  constructor(meter: RouteTotals) {
    this.#meter = meter;
  }

  /** The counts now: eight numbers, zero for slots that nobody has. */
  read(): number[] {
    // Of exactly this length: arrays that were extended keep room for more, and the detector keeps hundreds of them.
    const counts = new Array<number>(SLOTS + 1).fill(0);
    let rest = this.#meter.total;
    this.#slots.forEach((slot, index) => {
      const count = slot.slotBefore + this.#meter.totalOf(slot.route) - slot.routeBefore;
      counts[index] = count;
      rest -= count;
    });
    counts[SLOTS] = Math.max(0, rest);
    return counts;
  }

  /** Gives the slots to the routes that were busiest since the last call; now and then is enough. */
  follow(): void {
    const totals = Array.from({ length: this.#meter.routeCount }, (_, route) => this.#meter.totalOf(route));
    const lately = totals.map((total, route) => total - (this.#seen[route] ?? 0));
    this.#seen = totals;
    const followed = new Set(this.#slots.map(({ route }) => route));
    const candidates = lately
      .map((count, route) => ({ count, route }))
      .filter(({ count, route }) => count >= LEAST_REQUESTS && !followed.has(route))
      .sort((a, b) => b.count - a.count)
      .slice(0, SLOTS);
    for (const { count, route } of candidates) {
      if (!this.#give(route, count, totals, lately)) return;
    }
  }

  #give(route: number, count: number, totals: readonly number[], lately: readonly number[]): boolean {
    const routeBefore = totals[route] ?? 0;
    if (this.#slots.length < SLOTS) {
      this.#slots.push({ route, routeBefore, slotBefore: 0 });
      return true;
    }
    const recent = (slot: Slot): number => lately[slot.route] ?? 0;
    const idlest = this.#slots.reduce((least, slot) => (recent(slot) < recent(least) ? slot : least));
    if (count < BUSIER * recent(idlest)) return false;
    idlest.slotBefore += (totals[idlest.route] ?? 0) - idlest.routeBefore;
    idlest.routeBefore = routeBefore;
    idlest.route = route;
    return true;
  }
}

import type { Bytes, Milliseconds } from '@maque/kit';
import { checkBooks } from '../runs/check-books.ts';
import { type LoadMeasurement, measureLoad } from '../runs/measure-load.ts';
import { openShop } from '../runs/open-shop.ts';
import { STEADY_LOAD } from '../runs/shop-round.ts';
import type { Workshop } from '../runs/workshop.ts';
import { maqueStack } from '../stacks/maque.ts';
import { readState } from '../stacks/maque-control.ts';

/** What an overload did, with so many requests outstanding on each connection. */
export interface OverloadDepth {
  readonly outstandingPerConnection: number;
  readonly offeredPerSecond: number;
  readonly load: LoadMeasurement;
}

export interface OverloadResult {
  /** Right answers a second at saturation. */
  readonly capacity: number;
  readonly unloaded: LoadMeasurement;
  readonly overloads: readonly OverloadDepth[];
  /** What all processes together may use, as the keeper says. */
  readonly budget: Bytes;
  readonly bookFaults: readonly string[];
}

export const OVERLOAD_FACTOR = 5;
/**
 * An HTTP/1.1 client has one request outstanding on a connection, so that 100 connections never ask for more than 100
 * answers at once, which a server may well take without shedding. The second depth pipelines: with 800 in its hands it
 * must shed, and must stay right and small while it does.
 */
const DEPTHS = [1, 8];
const WARM_UP_MS: Milliseconds = 3_000;

/** Offers five times what the server can take, over 100 connections. */
export async function runOverload(workshop: Workshop, seconds: number): Promise<OverloadResult> {
  return await workshop.withStack(maqueStack, async (running) => {
    const subject = await openShop(running);
    const measure = { warmUpMs: WARM_UP_MS, seconds };
    const saturated = await measureLoad(running, subject, { ...measure, plan: { loop: 'closed' } });
    const unloaded = await measureLoad(running, subject, { ...measure, plan: STEADY_LOAD });
    const capacity = saturated.requestsPerSecond;
    const offeredPerSecond = Math.round(capacity * OVERLOAD_FACTOR);
    const overloads: OverloadDepth[] = [];
    for (const outstandingPerConnection of DEPTHS) {
      const plan = {
        loop: 'open',
        requestsPerSecond: offeredPerSecond,
        outstandingPerConnection,
        whenBusy: 'drop',
      } as const;
      const load = await measureLoad(running, subject, { ...measure, plan });
      overloads.push({ outstandingPerConnection, offeredPerSecond, load });
    }
    const { budget } = await readState(running.controlSocket);
    const told = [saturated, unloaded, ...overloads.map(({ load }) => load)].map(({ totals }) => totals);
    const bookFaults = checkBooks(told, await running.readBooks());
    return { capacity, unloaded, overloads, budget, bookFaults };
  });
}

import { Crowd } from './crowd.ts';
import type { Load, LoadPlan, LoadTotals } from './load-plan.ts';
import type { WindowResult } from './window.ts';

/** Saturates a server: each user sends the next request as soon as the last is answered. */
export class ClosedLoop implements Load {
  readonly #crowd: Crowd;
  #stopping = false;

  constructor(plan: LoadPlan) {
    this.#crowd = new Crowd(plan, plan.timeoutMs, (member) => {
      if (!this.#stopping && member.load === 0) member.send(performance.now());
    });
  }

  startWindow(): void {
    this.#crowd.startWindow();
  }

  endWindow(): WindowResult {
    return this.#crowd.window.end();
  }

  stop(): Promise<LoadTotals> {
    this.#stopping = true;
    return this.#crowd.stop();
  }
}

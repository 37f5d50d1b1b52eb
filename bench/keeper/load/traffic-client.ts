import { ChildCalls } from '../../load/child-calls.ts';
import type { HarmfulShare, TrafficPlan, TrafficWindow } from './traffic-plan.ts';

/** What the measuring process asks of the generator. */
export type TrafficCall =
  | { readonly name: 'start'; readonly plan: TrafficPlan }
  | { readonly name: 'setRate'; readonly requestsPerSecond: number | null }
  | { readonly name: 'setHarm'; readonly harm: HarmfulShare | null }
  | { readonly name: 'startWindow' | 'endWindow' | 'stop' };

/** Running traffic, in a process of its own. */
export class TrafficClient {
  readonly #calls = new ChildCalls<TrafficCall>(new URL('./traffic-process.ts', import.meta.url));

  private constructor() {}

  static async start(plan: TrafficPlan): Promise<TrafficClient> {
    const client = new TrafficClient();
    await client.#calls.ask({ name: 'start', plan });
    return client;
  }

  async setRate(requestsPerSecond: number | null): Promise<void> {
    await this.#calls.ask({ name: 'setRate', requestsPerSecond });
  }

  /** From now on some of the requests do harm; null: none do. */
  async setHarm(harm: HarmfulShare | null): Promise<void> {
    await this.#calls.ask({ name: 'setHarm', harm });
  }

  /** Throws away what was counted so far. */
  async startWindow(): Promise<void> {
    await this.#calls.ask({ name: 'startWindow' });
  }

  /** What was counted since the window began; the next one begins at once. */
  async endWindow(): Promise<TrafficWindow> {
    return (await this.#calls.ask({ name: 'endWindow' })) as TrafficWindow;
  }

  async stop(): Promise<void> {
    await this.#calls.ask({ name: 'stop' });
    await this.kill();
  }

  /** Ends the generator at once; harmless when it has ended. */
  async kill(): Promise<void> {
    await this.#calls.kill();
  }
}

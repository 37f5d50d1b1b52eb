import { ChildCalls } from './child-calls.ts';
import type { LoadPlan, LoadTotals } from './load-plan.ts';
import type { WindowResult } from './window.ts';

/** What the measuring process asks of the generator. */
export type LoadCall =
  | { readonly name: 'start'; readonly plan: LoadPlan }
  | { readonly name: 'startWindow' | 'endWindow' | 'stop' };

/** A running load in a process of its own. */
export class LoadClient {
  readonly #calls = new ChildCalls<LoadCall>(new URL('./load-process.ts', import.meta.url));

  private constructor() {}

  static async start(plan: LoadPlan): Promise<LoadClient> {
    const client = new LoadClient();
    await client.#calls.ask({ name: 'start', plan });
    return client;
  }

  async startWindow(): Promise<void> {
    await this.#calls.ask({ name: 'startWindow' });
  }

  async endWindow(): Promise<WindowResult> {
    return (await this.#calls.ask({ name: 'endWindow' })) as WindowResult;
  }

  async stop(): Promise<LoadTotals> {
    const totals = (await this.#calls.ask({ name: 'stop' })) as LoadTotals;
    await this.kill();
    return totals;
  }

  /** Ends the generator at once; harmless when it has ended. */
  async kill(): Promise<void> {
    await this.#calls.kill();
  }
}

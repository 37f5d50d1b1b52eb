import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { LoadPlan, LoadTotals } from './load-plan.ts';
import type { WindowResult } from './window.ts';

/** What the measuring process asks of the generator, and its answer. */
export interface Asked {
  readonly id: number;
  readonly call:
    | { readonly name: 'start'; readonly plan: LoadPlan }
    | { readonly name: 'startWindow' | 'endWindow' | 'stop' };
}
export type Answered =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A running load in a process of its own. */
export class LoadClient {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (answered: Answered) => this.#settle(answered));
    child.on('exit', (code, signal) => {
      const error = new Error(`the load generator ended (${signal ?? code})`);
      for (const waiting of this.#waiting.values()) waiting.reject(error);
    });
  }

  static async start(plan: LoadPlan): Promise<LoadClient> {
    const client = new LoadClient(fork(new URL('./load-process.ts', import.meta.url)));
    await client.#ask({ name: 'start', plan });
    return client;
  }

  async startWindow(): Promise<void> {
    await this.#ask({ name: 'startWindow' });
  }

  async endWindow(): Promise<WindowResult> {
    return (await this.#ask({ name: 'endWindow' })) as WindowResult;
  }

  async stop(): Promise<LoadTotals> {
    const totals = (await this.#ask({ name: 'stop' })) as LoadTotals;
    await this.kill();
    return totals;
  }

  /** Ends the generator at once; harmless when it has ended. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  #ask(call: Asked['call']): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, call });
    });
  }

  #settle(answered: Answered): void {
    const waiting = this.#waiting.get(answered.id);
    this.#waiting.delete(answered.id);
    if ('error' in answered) waiting?.reject(new Error(answered.error));
    else waiting?.resolve(answered.value);
  }
}

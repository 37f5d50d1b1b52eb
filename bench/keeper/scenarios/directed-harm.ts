import { Agent, request } from 'node:http';
import type { Milliseconds } from '@maque/kit';
import type { Target } from '../../load/connection.ts';

const ASK_TIMEOUT_MS: Milliseconds = 2_000;

/**
 * Does harm to a worker that is known before: a connection stays with the worker that took it, so the first request on
 * it asks who that is and the second does the harm.
 */
export class DirectedHarm {
  readonly #target: Target;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(target: Target) {
    this.#target = target;
  }

  /** @returns the worker's process id; null when nobody answers. */
  async findVictim(): Promise<number | null> {
    const worker = await this.#call('GET', '/items/1', ASK_TIMEOUT_MS);
    return worker === null ? null : Number(worker);
  }

  /** Resolves when it is answered, or will not be. */
  async strike(path: string, timeoutMs: Milliseconds): Promise<void> {
    await this.#call('POST', path, timeoutMs);
    this.#agent.destroy();
  }

  async #call(method: string, path: string, timeoutMs: Milliseconds): Promise<string | null> {
    const { promise, resolve } = Promise.withResolvers<string | null>();
    const options = {
      ...this.#target,
      method,
      path,
      agent: this.#agent,
      signal: AbortSignal.timeout(timeoutMs),
    };
    const sent = request(options, (answer) => {
      answer.resume();
      answer.on('error', () => resolve(null));
      answer.on('end', () => resolve(String(answer.headers['x-worker'] ?? '')));
    });
    sent.on('error', () => resolve(null));
    sent.end();
    return await promise;
  }
}

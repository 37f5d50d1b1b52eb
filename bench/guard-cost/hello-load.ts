import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { HelloOrder } from './hello-load-process.ts';

/** A load on the small server, in a process of its own, that runs and rests as told. */
export class HelloLoad {
  readonly #child: ChildProcess;

  /** @param requestsPerSecond a steady rate; as fast as answers come unless told. */
  constructor(port: number, requestsPerSecond?: number) {
    const args = requestsPerSecond === undefined ? [port] : [port, requestsPerSecond];
    this.#child = fork(new URL('./hello-load-process.ts', import.meta.url), args.map(String));
  }

  /** @returns how many requests were answered so far. @throws Error when the load broke off. */
  async order(order: HelloOrder): Promise<number> {
    const ended = new AbortController();
    try {
      const broken = once(this.#child, 'exit', { signal: ended.signal }).then(() => {
        throw new Error('the load broke off');
      });
      const answer = once(this.#child, 'message', { signal: ended.signal });
      this.#child.send(order);
      const [answered] = await Promise.race([answer, broken]);
      return answered as number;
    } finally {
      ended.abort();
    }
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

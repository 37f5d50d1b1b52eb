import { Agent, type ClientRequest, request as openRequest } from 'node:http';
import { seededRandom } from '../load/random.ts';
import type { Arrivals, Population } from './scenario.ts';

const TICK_MS = 50;
// A client that waits longer than this for more requests would measure itself: arrivals beyond are counted and dropped.
const MAX_OPEN = 150;
// As many clients come or go in one tick.
const MOVES_A_TICK = 4;

export interface ClientCounts {
  sent: number;
  answered: number;
  failed: number;
  dropped: number;
}

/** Asks a service on loopback for what a scenario says, at random moments of a fixed seed, until `stop`. */
export class OpenLoopClient {
  readonly counts: ClientCounts = { sent: 0, answered: 0, failed: 0, dropped: 0 };
  readonly #port: number;
  readonly #random: () => number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #timer: NodeJS.Timeout;
  readonly #startedAt = performance.now();
  #open = 0;
  #lastSecond = 0;

  constructor(port: number, seed: number, arrivals: readonly Arrivals[], populations: readonly Population[]) {
    this.#port = port;
    this.#random = seededRandom(seed);
    const streams = arrivals.map((stream) => ({ stream, count: 0 }));
    const crowds = populations.map((crowd) => ({ crowd, held: [] as ClientRequest[] }));
    this.#timer = setInterval(() => {
      const second = (performance.now() - this.#startedAt) / 1000;
      const passed = Math.min(0.5, second - this.#lastSecond);
      this.#lastSecond = second;
      for (const item of streams) {
        for (let left = this.#arrivals(item.stream.rate(second) * passed); left > 0; left -= 1) {
          item.count += 1;
          this.#send(item.stream, item.count);
        }
      }
      for (const { crowd, held } of crowds) this.#adjust(crowd, held, second);
    }, TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#agent.destroy();
  }

  /** A number of arrivals by Poisson's distribution. */
  #arrivals(expected: number): number {
    let count = 0;
    let chance = Math.exp(-expected);
    let sum = chance;
    const drawn = this.#random();
    while (drawn > sum && count < 500) {
      count += 1;
      chance *= expected / count;
      sum += chance;
    }
    return count;
  }

  #send(stream: Arrivals, n: number): void {
    if (this.#open >= MAX_OPEN) {
      this.counts.dropped += 1;
      return;
    }
    this.#open += 1;
    this.counts.sent += 1;
    const [method, template] = stream.route.split(' ');
    const body = stream.body?.(n, this.#random);
    const asked = openRequest({
      host: '127.0.0.1',
      port: this.#port,
      method,
      path: stream.path?.(n, this.#random) ?? template,
      headers: {
        ...(body === undefined
          ? {}
          : {
              'content-type': typeof body === 'string' ? 'application/json' : 'application/octet-stream',
              'content-length': Buffer.byteLength(body),
            }),
        ...stream.headers?.(n),
      },
      agent: stream.leaveAfterMs === undefined ? this.#agent : false,
    });
    const leaving =
      stream.leaveAfterMs === undefined ? undefined : setTimeout(() => asked.destroy(), stream.leaveAfterMs);
    let isClosed = false;
    asked.on('response', (response) => {
      response.resume();
      this.counts[(response.statusCode ?? 500) < 500 ? 'answered' : 'failed'] += 1;
    });
    asked.on('error', () => {
      if (leaving === undefined) this.counts.failed += 1;
    });
    asked.on('close', () => {
      if (isClosed) return;
      isClosed = true;
      clearTimeout(leaving);
      this.#open -= 1;
    });
    asked.end(body);
  }

  #adjust(crowd: Population, held: ClientRequest[], second: number): void {
    const wanted = Math.round(crowd.size(second));
    for (let move = 0; move < MOVES_A_TICK && held.length < wanted; move += 1) {
      const asked = openRequest({
        host: '127.0.0.1',
        port: this.#port,
        path: crowd.route.split(' ')[1],
        agent: false,
      });
      asked.on('response', (response) => response.resume());
      asked.on('error', () => {});
      asked.end();
      held.push(asked);
    }
    for (let move = 0; move < MOVES_A_TICK && held.length > wanted; move += 1) {
      held.splice(Math.floor(this.#random() * held.length), 1)[0]?.destroy();
    }
  }
}

import { Connection, type Target } from '../load/connection.ts';
import { Metronome } from '../load/metronome.ts';
import { seededRandom } from '../load/random.ts';
import type { Arrivals } from './scenario.ts';

// A cluster deals connections out in turn, but those that come at once to whoever is quicker (28 and 4 of 32, seen): opened
// one after the other and used in turn they give each worker the same share.
const CONNECTIONS = 32;
const OPEN_EVERY_MS = 50;
const BEAT_MS = 5;
const TIMEOUT_MS = 30_000;

interface Stream {
  readonly arrivals: Arrivals;
  /** Of the next request, in parts of one. */
  due: number;
  sent: number;
}

/** Sends the streams of a case at their rates whatever the service does, over connections that are all used alike. */
export class LiveLoad {
  readonly #streams: readonly Stream[];
  readonly #connections: Connection<null>[] = [];
  readonly #open: () => Connection<null>;
  readonly #metronome: Metronome;
  readonly #random: () => number;
  readonly #startedAt = performance.now();
  #lastSecond = 0;
  #next = 0;
  answered = 0;
  lost = 0;

  constructor(target: Target, arrivals: readonly Arrivals[], seed: number) {
    this.#random = seededRandom(seed);
    this.#streams = arrivals.map((each) => ({ arrivals: each, due: 0, sent: 0 }));
    const events = {
      onAnswer: () => {
        this.answered += 1;
      },
      onLoss: () => {
        this.lost += 1;
      },
      onOpen: () => {},
      onRefused: () => {},
    };
    this.#open = () => new Connection<null>(target, { timeoutMs: TIMEOUT_MS }, events);
    this.#metronome = new Metronome(this.#startedAt, BEAT_MS, () => this.#beat());
  }

  async stop(): Promise<void> {
    await this.#metronome.stop();
    for (const connection of this.#connections) connection.close();
  }

  #beat(): void {
    const ms = performance.now() - this.#startedAt;
    if (this.#connections.length < Math.min(CONNECTIONS, ms / OPEN_EVERY_MS)) {
      this.#connections.push(this.#open());
    }
    const second = ms / 1_000;
    const passed = second - this.#lastSecond;
    this.#lastSecond = second;
    for (const stream of this.#streams) {
      stream.due += stream.arrivals.rate(second) * passed;
      for (; stream.due >= 1; stream.due -= 1) this.#send(stream);
    }
  }

  #send(stream: Stream): void {
    const connection = this.#freeConnection();
    if (connection === undefined) {
      this.lost += 1;
      return;
    }
    stream.sent += 1;
    const { route, path, body } = stream.arrivals;
    const [method = 'GET', template = '/'] = route.split(' ');
    const at = path?.(stream.sent, this.#random) ?? template;
    const content = body?.(stream.sent, this.#random) ?? '';
    const head = `${method} ${at} HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n`;
    connection.send(null, `${head}Content-Length: ${content.length}\r\n\r\n${content}`);
  }

  #freeConnection(): Connection<null> | undefined {
    for (let tried = 0; tried < this.#connections.length; tried += 1) {
      this.#next = (this.#next + 1) % this.#connections.length;
      const connection = this.#connections[this.#next];
      if (connection?.load === 0) return connection;
    }
    return undefined;
  }
}

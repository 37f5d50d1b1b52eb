import { setTimeout as sleep } from 'node:timers/promises';
import type { Bytes, Milliseconds } from '@maque/kit';
import { RedisConnection } from './redis-connection.ts';

/** A session with its user, as web frameworks keep them. */
const VALUE_BYTES: Bytes = 500;
const DAY_SECONDS = '86400';
const PIPELINE = 1_000;
/** Many times what a shop of this size writes. */
const WRITES_PER_SECOND = 5_000;
const BEAT_MS: Milliseconds = 10;
const CLIENTS = 20;

/** Fills Redis up, then changes what is in it, also while it writes a snapshot. */
export class RedisLoad {
  readonly #clients: readonly RedisConnection[];
  readonly #keys: number;
  #working: Promise<void> | undefined;
  #stopping = false;

  private constructor(clients: readonly RedisConnection[], keys: number) {
    this.#clients = clients;
    this.#keys = keys;
  }

  /** @param dataBytes what Redis itself says that it uses when it is full. */
  static async fill(port: number, dataBytes: Bytes): Promise<RedisLoad> {
    const clients: RedisConnection[] = [];
    for (let count = 0; count < CLIENTS; count += 1) clients.push(await RedisConnection.open(port));
    const [first] = clients;
    if (first === undefined) throw new Error('no client');
    let keys = 0;
    while ((await usedBytes(first)) < dataBytes) {
      const range = Array.from({ length: PIPELINE }, (_, index) => write(keys + index));
      await first.askAll(range);
      keys += PIPELINE;
    }
    return new RedisLoad(clients, keys);
  }

  start(): void {
    this.#working = this.#work();
    // Told when it is stopped.
    this.#working.catch(() => {});
  }

  /** Its log is written anew from what is in memory, by a fork of it. */
  async snapshot(): Promise<void> {
    await this.#client(0).ask(['BGREWRITEAOF']);
  }

  async stop(): Promise<number> {
    this.#stopping = true;
    await this.#working;
    for (const client of this.#clients) client.close();
    return this.#keys;
  }

  async #work(): Promise<void> {
    const each = (WRITES_PER_SECOND * BEAT_MS) / 1_000;
    for (let beat = 0; !this.#stopping; beat += 1) {
      const keys = Array.from({ length: each }, () => Math.floor(Math.random() * this.#keys));
      await this.#client(beat).askAll(keys.map(write));
      await sleep(BEAT_MS);
    }
  }

  #client(number: number): RedisConnection {
    const client = this.#clients[number % this.#clients.length];
    if (client === undefined) throw new Error('no client');
    return client;
  }
}

function write(key: number): readonly string[] {
  return ['SET', `session:${key}`, String(key % 10).repeat(VALUE_BYTES), 'EX', DAY_SECONDS];
}

async function usedBytes(client: RedisConnection): Promise<Bytes> {
  return Number(/^used_memory:(\d+)/m.exec(await client.ask(['INFO', 'memory']))?.[1]);
}

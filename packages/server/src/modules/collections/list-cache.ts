import { hash, randomUUID } from 'node:crypto';
import type { Milliseconds } from '@maque/kit';
import type { KeyValue } from '../../ports/key-value.ts';
import type { MessageBus } from '../../ports/message-bus.ts';
import type { RecordChange } from '../records/record-changes.ts';

const CHANNEL = 'collection-changed';

/** An answer ready to be sent. */
export interface CachedList {
  readonly body: Buffer;
  /** A strong tag, quotes included. */
  readonly etag: string;
}

export interface CachePolicy {
  readonly maxAgeMs: Milliseconds;
  /** Fields whose changes alone leave the lists as they are. */
  readonly tolerates: ReadonlySet<string>;
}

/**
 * Lists that are the same for everybody, as the bytes that are sent. A write drops the lists of its collection in every
 * worker by counting up its generation, which is part of their keys; what is left of old generations falls out of the
 * cache by itself. A list that is being made meanwhile is kept under the generation in which it was begun, where nobody
 * looks any more.
 */
export class ListCache {
  readonly #keyValue: KeyValue;
  readonly #bus: MessageBus;
  readonly #policies: ReadonlyMap<string, CachePolicy>;
  readonly #generations = new Map<string, number>();
  readonly #underWay = new Map<string, Promise<CachedList>>();
  readonly #etags = new WeakMap<Uint8Array, string>();
  // Generations are counted by each process for itself, so a shared cache must not mix the keys of two.
  readonly #owner = randomUUID().slice(0, 8);

  /** @param policies of the collections whose lists are kept. */
  constructor(keyValue: KeyValue, bus: MessageBus, policies: ReadonlyMap<string, CachePolicy>) {
    this.#keyValue = keyValue;
    this.#bus = bus;
    this.#policies = policies;
    bus.subscribe(CHANNEL, (collection) => {
      if (typeof collection === 'string' && policies.has(collection)) this.#drop(collection);
    });
  }

  /** Drops the lists of a collection everywhere, unless its lists may stay as old as they are. */
  changed({ collection, fields }: RecordChange): void {
    const policy = this.#policies.get(collection);
    if (policy === undefined) return;
    const isTolerated =
      fields !== 'all' && fields.every((field) => policy.tolerates.has(field) || field === 'updatedAt');
    if (!isTolerated) this.#bus.publish(CHANNEL, collection);
  }

  /** The list of that key, made by `make` when it is not there, once for all who ask at the same time. */
  async get(collection: string, key: string, make: () => Promise<string>): Promise<CachedList> {
    const generation = this.#generations.get(collection) ?? 0;
    const fullKey = `list:${this.#owner}:${collection}:${generation}:${key}`;
    const kept = await this.#keyValue.get(fullKey);
    if (kept !== undefined && typeof kept !== 'string') return this.#tagged(kept);
    const known = this.#underWay.get(fullKey);
    if (known !== undefined) return known;
    const making = this.#make(fullKey, collection, make).finally(() => this.#underWay.delete(fullKey));
    this.#underWay.set(fullKey, making);
    return making;
  }

  async #make(fullKey: string, collection: string, make: () => Promise<string>): Promise<CachedList> {
    const body = Buffer.from(await make());
    await this.#keyValue.set(fullKey, body, this.#policies.get(collection)?.maxAgeMs ?? 0);
    return this.#tagged(body);
  }

  /** The same Buffer for the same bytes, where the cache gives it back: whoever sends it may keep what he makes of it. */
  #tagged(bytes: Uint8Array): CachedList {
    const body = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let etag = this.#etags.get(bytes);
    if (etag === undefined) {
      etag = `"${hash('sha256', body, 'base64url').slice(0, 22)}"`;
      this.#etags.set(bytes, etag);
    }
    return { body, etag };
  }

  #drop(collection: string): void {
    this.#generations.set(collection, (this.#generations.get(collection) ?? 0) + 1);
  }
}

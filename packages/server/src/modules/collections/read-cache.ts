import { hash, randomUUID } from 'node:crypto';
import { errors } from '@maque/contract';
import { type Clock, CodedError, type Milliseconds, RecentMap, SECOND } from '@maque/kit';
import { currentRequest } from '../../http/request-context.ts';
import type { KeyValue } from '../../ports/key-value.ts';
import type { MessageBus } from '../../ports/message-bus.ts';
import type { RecordChange } from '../records/record-changes.ts';
import type { Reach } from './reach.ts';

const CHANNEL = 'collection-changed';
const OF_EVERY_WRITE: ReadonlySet<string> = new Set(['updatedAt', 'updatedBy']);
// Old answers that are made anew while nobody waits: beyond these, they stay old a little longer.
const MAX_REFRESHES = 8;
// Ids that there is nothing of. Apart from the answers, so that whoever makes up ids cannot push those out: 0.2 MiB.
const MAX_MISSING = 1_000;

/** An answer ready to be sent. */
export interface CachedAnswer {
  readonly body: Buffer;
  /** A strong tag, quotes included. */
  readonly etag: string;
  /** For how long others may keep it. */
  readonly cacheControl: string;
}

/** An answer as it is made. */
export interface MadeAnswer {
  readonly text: string;
  /** Made of the text where there is none. */
  readonly etag?: string;
}

export interface CachePolicy {
  readonly maxAgeMs: Milliseconds;
  /** How long beyond that an answer may be sent while a new one is made. */
  readonly staleForMs: Milliseconds;
  /** Fields whose changes alone leave the answers as they are. */
  readonly tolerates: ReadonlySet<string>;
  /** The collections that make a difference, this one included. */
  readonly behind: Readonly<Record<Reach, ReadonlySet<string>>>;
}

export interface ReadCacheOptions {
  readonly keyValue: KeyValue;
  readonly bus: MessageBus;
  readonly clock: Clock;
  /** Of the collections whose answers are kept, by name. */
  readonly policies: ReadonlyMap<string, CachePolicy>;
  /** Told why an old answer could not be made anew. */
  readonly onFault: (error: unknown) => void;
}

/** Which answer, of which collection. */
export interface CacheKey {
  readonly collection: string;
  readonly reach: Reach;
  readonly key: string;
}

interface Kept {
  readonly body: Buffer;
  readonly etag: string;
  readonly madeAtMs: Milliseconds;
}

/**
 * Answers that are the same for everybody, as the bytes that are sent. A write drops the answers that it makes a
 * difference to in every worker, by counting up their generation, which is part of their keys; what is left of old
 * generations falls out of the cache by itself. An answer that is being made meanwhile is kept under the generation in
 * which it was begun, where nobody looks any more.
 */
export class ReadCache {
  readonly #options: ReadCacheOptions;
  readonly #generations = new Map<string, number>();
  /** For each collection, the generations that end when it changes. */
  readonly #endedBy = new Map<string, string[]>();
  /** Bounded by the places for requests: each has somebody who waits, or is one of a few refreshes. */
  readonly #underWay = new Map<string, Promise<Kept>>();
  readonly #missing = new RecentMap<string, Milliseconds>(MAX_MISSING);
  readonly #parsed = new WeakMap<Uint8Array, Kept>();
  #refreshes = 0;
  // Generations are counted by each process for itself, so a shared cache must not mix the keys of two.
  readonly #owner = randomUUID().slice(0, 8);

  constructor(options: ReadCacheOptions) {
    this.#options = options;
    for (const [name, { behind }] of options.policies) {
      for (const reach of ['plain', 'wide'] as const) {
        for (const one of behind[reach]) {
          this.#endedBy.set(one, [...(this.#endedBy.get(one) ?? []), `${name}:${reach}`]);
        }
      }
    }
    options.bus.subscribe(CHANNEL, (collection) => {
      for (const generation of this.#endedBy.get(collection as string) ?? [])
        this.#generations.set(generation, (this.#generations.get(generation) ?? 0) + 1);
    });
  }

  /** Drops everywhere what a write makes a difference to, unless it may stay as old as it is. */
  changed({ collection, fields }: RecordChange): void {
    if (!this.#endedBy.has(collection)) return;
    const tolerates = this.#options.policies.get(collection)?.tolerates;
    const isTolerated =
      fields !== 'all' &&
      fields.every((field) => tolerates?.has(field) === true || OF_EVERY_WRITE.has(field));
    if (!isTolerated) this.#options.bus.publish(CHANNEL, collection);
  }

  /** The answer of that key, made by `make` when it is not there, once for all who ask at the same time. */
  async get(at: CacheKey, make: () => Promise<MadeAnswer>): Promise<CachedAnswer> {
    const policy = this.#policyOf(at);
    const key = this.#fullKey(at);
    const kept = await this.#find(key);
    const request = currentRequest();
    if (kept === undefined) {
      if (request !== undefined) request.cacheMisses += 1;
      return this.#answer(policy, await this.#once(key, policy, make));
    }
    if (request !== undefined) request.cacheHits += 1;
    if (this.#ageOf(kept) >= policy.maxAgeMs) this.#refresh(key, policy, make);
    return this.#answer(policy, kept);
  }

  /**
   * Runs `read`, unless it has just found that there is nothing.
   * @throws CodedError NOT_FOUND, and what `read` throws.
   */
  async unlessMissing<Found>(at: CacheKey, read: () => Promise<Found>): Promise<Found> {
    const { clock } = this.#options;
    const key = this.#fullKey(at);
    const missingUntilMs = this.#missing.get(key);
    if (missingUntilMs !== undefined && missingUntilMs > clock.now()) throw errors.NOT_FOUND();
    try {
      return await read();
    } catch (error) {
      const isMissing = error instanceof CodedError && error.code === 'NOT_FOUND';
      if (isMissing) this.#missing.set(key, clock.now() + this.#policyOf(at).maxAgeMs);
      throw error;
    }
  }

  #policyOf({ collection }: CacheKey): CachePolicy {
    const policy = this.#options.policies.get(collection);
    if (policy === undefined) throw new Error(`answers of ${collection} are not kept`);
    return policy;
  }

  #fullKey({ collection, reach, key }: CacheKey): string {
    const generation = `${collection}:${reach}`;
    return `read:${this.#owner}:${generation}:${this.#generations.get(generation) ?? 0}:${key}`;
  }

  async #find(key: string): Promise<Kept | undefined> {
    const bytes = await this.#options.keyValue.get(key);
    return bytes === undefined || typeof bytes === 'string' ? undefined : this.#parse(bytes);
  }

  #once(key: string, policy: CachePolicy, make: () => Promise<MadeAnswer>): Promise<Kept> {
    const known = this.#underWay.get(key);
    if (known !== undefined) return known;
    const making = this.#make(key, policy, make).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, making);
    return making;
  }

  async #make(key: string, policy: CachePolicy, make: () => Promise<MadeAnswer>): Promise<Kept> {
    const madeAtMs = this.#options.clock.now();
    const { text, etag = tagOf(text) } = await make();
    const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text) + etag.length + HEAD_NUMBER + 1);
    const head = bytes.write(`${Math.floor(madeAtMs).toString(36).padStart(HEAD_NUMBER)}${etag}\n`, 'latin1');
    bytes.write(text, head);
    await this.#options.keyValue.set(key, bytes, policy.maxAgeMs + policy.staleForMs);
    return this.#parse(bytes);
  }

  #refresh(key: string, policy: CachePolicy, make: () => Promise<MadeAnswer>): void {
    if (this.#refreshes >= MAX_REFRESHES || this.#underWay.has(key)) return;
    this.#refreshes += 1;
    this.#once(key, policy, make)
      .catch(this.#options.onFault)
      .finally(() => {
        this.#refreshes -= 1;
      });
  }

  /** The same Buffer for the same bytes, where the cache gives it back: whoever sends it may keep what he makes of it. */
  #parse(bytes: Uint8Array): Kept {
    const known = this.#parsed.get(bytes);
    if (known !== undefined) return known;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = buffer.indexOf(10);
    const kept = {
      madeAtMs: Number.parseInt(buffer.toString('latin1', 0, HEAD_NUMBER), 36),
      etag: buffer.toString('latin1', HEAD_NUMBER, end),
      body: buffer.subarray(end + 1),
    };
    this.#parsed.set(bytes, kept);
    return kept;
  }

  #ageOf({ madeAtMs }: Kept): Milliseconds {
    return Math.max(0, this.#options.clock.now() - madeAtMs);
  }

  /** What is some seconds old here may be kept by others for so many seconds less. */
  #answer({ maxAgeMs, staleForMs }: CachePolicy, kept: Kept): CachedAnswer {
    const ageMs = this.#ageOf(kept);
    // Whole seconds are all that the header knows: rounded up, or what was made a moment ago would be a second old.
    const freshSeconds = Math.max(0, Math.ceil((maxAgeMs - ageMs) / SECOND));
    const staleSeconds = Math.max(0, Math.ceil((maxAgeMs + staleForMs - ageMs) / SECOND) - freshSeconds);
    const stale = staleSeconds === 0 ? '' : `, stale-while-revalidate=${staleSeconds}`;
    const { body, etag } = kept;
    return { body, etag, cacheControl: `public, max-age=${freshSeconds}${stale}` };
  }
}

/** Characters of a time in milliseconds to the base of 36, until the year 5188. */
const HEAD_NUMBER = 9;

function tagOf(text: string): string {
  return `"${hash('sha256', text, 'base64url').slice(0, 22)}"`;
}

import type { Identity } from '../../ports/identity.ts';
import type { OptionalWork } from '../../ports/optional-work.ts';
import type { RecordModel } from '../records/record-model.ts';
import type { CollectionAccess } from './collection-access.ts';
import type { Call } from './hook-context.ts';
import type { RawListQuery } from './list-query.ts';
import { collectionsBehind, type Reach } from './reach.ts';
import type { CachedAnswer, CacheKey, ReadCache } from './read-cache.ts';
import type { ReadRecord, RecordReader } from './record-reader.ts';
import type { ReadOperation } from './rights.ts';

export interface SharedAnswersOptions {
  readonly reader: RecordReader;
  readonly cache: ReadCache;
  readonly accessOf: (model: RecordModel) => CollectionAccess;
}

/** What is kept is made once for many, so nothing is left out of it. */
const NOTHING_SHED: OptionalWork = { allowed: () => true };

/** The answers of one collection that are the same for everybody, from the cache. */
export class SharedAnswers {
  /**
   * Whether records read one by one are kept too. Not where some changes are tolerated in lists: a record read by itself
   * is as it is.
   */
  readonly keepsRecords: boolean;
  readonly #reader: RecordReader;
  readonly #cache: ReadCache;
  readonly #own: CollectionAccess;
  readonly #within: readonly CollectionAccess[];

  constructor({ reader, cache, accessOf }: SharedAnswersOptions) {
    this.#reader = reader;
    this.#cache = cache;
    this.#own = accessOf(reader.model);
    this.#within = [...collectionsBehind(reader.model, 'wide', accessOf)].map(accessOf);
    this.keepsRecords = reader.model.declared.cache?.tolerates.length === 0;
  }

  /** Whether what this caller asks for is answered the same to everybody. */
  serves(operation: ReadOperation, identity: Identity, raw: RawListQuery): boolean {
    if (!this.#own.isShared(operation, identity)) return false;
    if (reachOf(raw) === 'plain') return true;
    const seesAlike = (access: CollectionAccess) =>
      access.isLikeAnybody('list', identity) && access.isLikeAnybody('read', identity);
    return this.#within.every(seesAlike);
  }

  /** @throws CodedError as {@link RecordReader.list}. */
  list(call: Call, raw: RawListQuery, key: string): Promise<CachedAnswer> {
    const at = this.#at(raw, `list:${key}`);
    return this.#cache.get(at, async () => ({ text: await this.#reader.list(call, raw, NOTHING_SHED) }));
  }

  /** @throws CodedError as {@link RecordReader.read}. */
  read(call: Call, id: string, raw: RawListQuery): Promise<CachedAnswer> {
    const { fields = '', expand = '' } = raw;
    const at = this.#at(raw, `record:${id}\n${fields}\n${expand}`);
    return this.#cache.unlessMissing(this.#missing(id), () =>
      this.#cache.get(at, () => this.#reader.read(call, id, raw, NOTHING_SHED)),
    );
  }

  /** Reads anew, but for records that were not there a moment ago. @throws CodedError as {@link RecordReader.read}. */
  readFresh(call: Call, id: string, raw: RawListQuery): Promise<ReadRecord> {
    return this.#cache.unlessMissing(this.#missing(id), () => this.#reader.read(call, id, raw));
  }

  #missing(id: string): CacheKey {
    return { collection: this.#reader.model.name, reach: 'plain', key: `missing:${id}` };
  }

  #at(raw: RawListQuery, key: string): CacheKey {
    return { collection: this.#reader.model.name, reach: reachOf(raw), key };
  }
}

/** A filter goes through a relation, or into a document, by a dot. */
function reachOf({ expand, filter }: RawListQuery): Reach {
  return expand !== undefined || filter?.includes('.') === true ? 'wide' : 'plain';
}

import type { Clock, Milliseconds } from '@maque/kit';
import type { Database } from '../../ports/index.ts';
import { firstIdOf, newRecordId } from '../records/record-id.ts';
import {
  type AuditQuery,
  type AuditRow,
  forgetAudit,
  idOfNewest,
  insertAudit,
  listAudit,
  retellAudit,
} from './audit-store.ts';
import { type RefusalCount, RefusalTally } from './refusal-tally.ts';

/** A thousand a day for half a year, some 60 MB: what a small team does, and the most that is kept whatever is done. */
export const MOST_ENTRIES = 200_000;

/** Statuses from here on did nothing. */
const FIRST_REFUSAL = 400;
/** The action of the entry that counts. */
const REFUSALS = 'refused requests';

export type AuditEntry = Omit<AuditRow, 'id' | 'at' | 'actorName'>;

export interface AuditLogOptions {
  readonly database: Database;
  /** How long an entry is kept. */
  readonly keepMs: Milliseconds;
  readonly clock: Clock;
  /** {@link MOST_ENTRIES} unless told. */
  readonly maxEntries?: number;
}

/** What members of staff and their machines did: who, what, to whom, when, from where. */
export class AuditLog {
  readonly #options: AuditLogOptions;
  readonly #refusals: RefusalTally;

  constructor(options: AuditLogOptions) {
    this.#options = options;
    this.#refusals = new RefusalTally(options.clock);
  }

  /**
   * Records what one request did. What came to nothing is told in full some times an hour of each actor, and counted in one
   * entry beyond that.
   */
  async record(entries: readonly AuditEntry[]): Promise<void> {
    const [first] = entries;
    if (first === undefined || first.status < FIRST_REFUSAL) return this.#insertAll(entries);
    const { inFull, counted } = this.#refusals.take(`${first.actorKind} ${first.actorId}`, entries.length);
    await this.#insertAll(entries.slice(0, inFull));
    if (inFull < entries.length) await this.#tellCount(first, counted);
  }

  list(query: AuditQuery): Promise<AuditRow[]> {
    return listAudit(this.#options.database, query);
  }

  /** Deletes what is too old, and the oldest of what is too much. */
  async forget(): Promise<void> {
    const { database, keepMs, clock, maxEntries = MOST_ENTRIES } = this.#options;
    await forgetAudit(database, firstIdOf(clock.now() - keepMs));
    const oldest = await idOfNewest(database, maxEntries);
    if (oldest !== undefined) await forgetAudit(database, oldest);
  }

  async #insertAll(entries: readonly AuditEntry[]): Promise<void> {
    await Promise.all(entries.map((entry) => this.#insert(entry)));
  }

  async #insert(entry: AuditEntry): Promise<string> {
    const { database, clock } = this.#options;
    const nowMs = clock.now();
    const id = newRecordId(nowMs);
    await insertAudit(database, { ...entry, id, at: nowMs });
    return id;
  }

  /** @param like one of those that are counted: its actor, place and request stand for all of them. */
  async #tellCount(like: AuditEntry, counted: RefusalCount): Promise<void> {
    const details = JSON.stringify({ refused: counted.more });
    if (counted.entry === undefined) {
      const told = this.#insert({ ...like, action: REFUSALS, target: null, details });
      counted.entry = told;
      // The next one tries again.
      told.catch(() => {
        counted.entry = undefined;
      });
      await told;
    } else {
      await retellAudit(this.#options.database, await counted.entry, details);
    }
  }
}

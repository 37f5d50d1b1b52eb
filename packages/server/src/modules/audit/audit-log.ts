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
} from './audit-store.ts';

/** A thousand a day for half a year, some 60 MB: what a small team does, and the most that is kept whatever is done. */
export const MOST_ENTRIES = 200_000;

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

  constructor(options: AuditLogOptions) {
    this.#options = options;
  }

  async record(entry: Omit<AuditRow, 'id' | 'at' | 'actorName'>): Promise<void> {
    const { database, clock } = this.#options;
    const nowMs = clock.now();
    await insertAudit(database, { ...entry, id: newRecordId(nowMs), at: nowMs });
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
}

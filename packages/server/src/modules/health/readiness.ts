import { errors } from '@maque/contract';
import { type Clock, type Milliseconds, withinLimit } from '@maque/kit';
import type { Database } from '../../ports/index.ts';

/** A database that needs longer for nothing cannot serve; load balancers give up after a few seconds themselves. */
const DATABASE_TIMEOUT_MS: Milliseconds = 2_000;
/** Several probes at once cost one query. */
const KEEP_MS: Milliseconds = 250;

export interface ReadinessOptions {
  readonly database: Database;
  readonly isDraining: () => boolean;
  /** Whether memory is so short that no new request should come here. */
  readonly isMemoryCritical: () => boolean;
  readonly clock: Clock;
}

/** Tells whether this worker should get requests. */
export class Readiness {
  readonly #options: ReadinessOptions;
  #probe: Promise<void> | undefined;
  #probedAtMs: Milliseconds = Number.NEGATIVE_INFINITY;

  constructor(options: ReadinessOptions) {
    this.#options = options;
  }

  /** @throws CodedError SHUTTING_DOWN, OVERLOADED or DATABASE_BUSY: why not. */
  async check(): Promise<void> {
    const { isDraining, isMemoryCritical } = this.#options;
    if (isDraining()) throw errors.SHUTTING_DOWN();
    if (isMemoryCritical()) throw errors.OVERLOADED({ retryAfterSeconds: 5 });
    await this.#databaseAnswers();
  }

  #databaseAnswers(): Promise<void> {
    const nowMs = this.#options.clock.monotonic();
    if (this.#probe === undefined || nowMs - this.#probedAtMs >= KEEP_MS) {
      this.#probedAtMs = nowMs;
      this.#probe = probe(this.#options.database);
    }
    return this.#probe;
  }
}

async function probe(database: Database): Promise<void> {
  const late = () => new Error('the database does not answer');
  try {
    await withinLimit(database.all({ sql: 'select 1', parameters: [] }), DATABASE_TIMEOUT_MS, late);
  } catch (error) {
    throw errors.DATABASE_BUSY({ cause: error, retryAfterSeconds: 1 });
  }
}

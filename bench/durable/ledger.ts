import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from '@maque/kit';

/** What was found wrong when the ledger was held against the database. */
export interface LedgerDifferences {
  /** Acknowledged, and not there. */
  readonly lost: readonly string[];
  /** There more than once. */
  readonly doubled: readonly string[];
  /** There, and not as they were sent. */
  readonly changed: readonly string[];
  /** There, and never sent. */
  readonly invented: readonly string[];
}

const REQUEST_TIMEOUT_MS: Milliseconds = 5_000;
/** Some thousand writes a second by all: the database stays so small that it can be checked after each kill. */
const PAUSE_MS: Milliseconds = 20;
const AGAIN_AFTER_MS: Milliseconds = 20;

/**
 * What clients sent and what they were told. A client that got no answer sends the same again, with the same key, until
 * it has one: the key is what keeps it from being done twice.
 */
export class Ledger {
  readonly #url: string;
  readonly #sent = new Set<string>();
  readonly #acknowledged = new Set<string>();
  #repeated = 0;
  #isOver = false;

  constructor(url: string) {
    this.#url = url;
  }

  get acknowledged(): number {
    return this.#acknowledged.size;
  }

  /** Requests that were sent once more, because nobody knew how they had ended. */
  get repeated(): number {
    return this.#repeated;
  }

  /** To be called once; clients end when they have their answer. */
  end(): void {
    this.#isOver = true;
  }

  /** Writes one note after the other, until the ledger ends. */
  async write(client: number): Promise<void> {
    for (let number = 1; !this.#isOver; number += 1) {
      const title = `${client}-${number}`;
      this.#sent.add(title);
      await this.#insist(title);
      this.#acknowledged.add(title);
      await sleep(PAUSE_MS);
    }
  }

  /** Compares with what is in the database. */
  compare(database: string): LedgerDifferences {
    const file = new DatabaseSync(database, { readOnly: true });
    const rows = file
      .prepare("select title, body, count(*) as times from notes where title like '%-%' group by title, body")
      .all();
    file.close();
    const times = new Map<string, number>();
    const changed: string[] = [];
    for (const row of rows) {
      const title = String(row.title);
      times.set(title, (times.get(title) ?? 0) + Number(row.times));
      if (row.body !== bodyOf(title)) changed.push(title);
    }
    return {
      lost: [...this.#acknowledged].filter((title) => !times.has(title)),
      doubled: [...times].filter(([, count]) => count > 1).map(([title]) => title),
      changed,
      invented: [...times.keys()].filter((title) => !this.#sent.has(title)),
    };
  }

  async #insist(title: string): Promise<void> {
    const key = randomUUID();
    while (!(await this.#send(title, key))) {
      this.#repeated += 1;
      await sleep(AGAIN_AFTER_MS);
    }
  }

  /** Answers whether it was acknowledged. @throws Error for an answer that no repetition can change. */
  async #send(title: string, key: string): Promise<boolean> {
    const response = await fetch(`${this.#url}/api/notes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ title, body: bodyOf(title) }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    }).catch(() => undefined);
    if (response === undefined) return false;
    const text = await response.text().catch(() => undefined);
    if (response.status === 201 && text !== undefined) return true;
    if (text === undefined || response.status >= 500) return false;
    throw new Error(`the server answered ${response.status}: ${text}`);
  }
}

/** Some hundred bytes that only this note has. */
function bodyOf(title: string): string {
  return `${title} `.repeat(20);
}

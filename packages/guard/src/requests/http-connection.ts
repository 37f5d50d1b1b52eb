import type { ServerResponse } from 'node:http';
import type { Milliseconds } from '@maque/kit';

interface Begun {
  readonly response: ServerResponse;
  readonly url: string;
  readonly weight: number;
  readonly atMs: Milliseconds;
}

/**
 * The requests in flight on one HTTP/1 connection, which are answered in the order in which they came. Of those that are
 * timed it is nearly always one: its facts are fields, and only those that a client pipelines behind it make an object
 * each.
 */
export class HttpConnection {
  /** What is answered next; null when nothing is in flight, so that an idle connection keeps no request alive. */
  response: ServerResponse | null = null;
  /** As the client sent it. */
  url = '';
  /** How many requests its duration speaks for. */
  weight = 0;
  atMs: Milliseconds = 0;
  /** How many more are in flight for which others speak: a number is all that is known of them. */
  untimed = 0;
  readonly #behind: Begun[] = [];

  begin(response: ServerResponse, url: string, weight: number, atMs: Milliseconds): void {
    if (this.response === null) this.#set(response, url, weight, atMs);
    else this.#behind.push({ response, url, weight, atMs });
  }

  /** Ends what is answered next. */
  end(): void {
    // Not to shift an array that nearly always is empty.
    const next = this.#behind.length === 0 ? undefined : this.#behind.shift();
    if (next === undefined) this.#set(null, '', 0, 0);
    else this.#set(next.response, next.url, next.weight, next.atMs);
  }

  #set(response: ServerResponse | null, url: string, weight: number, atMs: Milliseconds): void {
    this.response = response;
    this.url = url;
    this.weight = weight;
    this.atMs = atMs;
  }
}

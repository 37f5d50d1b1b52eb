import { errors } from '@maque/contract';
import { type Clock, type Milliseconds, PassingSet } from '@maque/kit';
import type { Logger } from '../logging/logger.ts';
import { answerOutright } from './answer-outright.ts';
import type { TrackedResponse } from './exchange.ts';

export interface AnswerDeadlineOptions {
  readonly timeoutMs: Milliseconds;
  readonly log: Logger;
  readonly clock: Clock;
}

/**
 * Ends requests that are not answered in time, whatever holds them up: an app's code that waits for something that never
 * comes would keep a place for ever. One timer for all of them; a request costs a place in a list, some 0.1 µs.
 */
export class AnswerDeadline {
  readonly #options: AnswerDeadlineOptions;
  /** Bounded by the places there are. */
  readonly #running = new PassingSet<TrackedResponse>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: AnswerDeadlineOptions) {
    this.#options = options;
  }

  /** The request has its time from its arrival on; {@link leave} must follow when its response has closed. */
  enter(response: TrackedResponse): void {
    this.#running.add(response);
    this.#timer ??= setTimeout(this.#expire, this.#options.timeoutMs).unref();
  }

  leave(response: TrackedResponse): void {
    this.#running.delete(response);
  }

  readonly #expire = (): void => {
    this.#timer = undefined;
    const { clock, timeoutMs } = this.#options;
    const nowMs = clock.monotonic();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const response of this.#running.items()) {
      const leftMs = response.req.startedAtMs + timeoutMs - nowMs;
      if (leftMs > 0) {
        nextMs = Math.min(nextMs, leftMs);
        continue;
      }
      this.#running.delete(response);
      // A file takes as long as its client does.
      if (response.req.label?.isOurTime !== false) this.#end(response);
    }
    if (nextMs < Number.POSITIVE_INFINITY) this.#timer = setTimeout(this.#expire, nextMs + 1).unref();
  };

  #end(response: TrackedResponse): void {
    const request = response.req;
    if (!response.headersSent) {
      // Which it was says the line of the request itself.
      this.#options.log.error({ request: request.id }, 'a request was not answered in time');
      answerOutright(request, response, errors.ANSWER_TIMEOUT());
    } else if (response.writableEnded) {
      // All of the answer is written, and its client does not read it.
      request.socket.destroy();
    }
  }
}

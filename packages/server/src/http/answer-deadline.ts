import { errors } from '@maque/contract';
import type { Clock, Milliseconds } from '@maque/kit';
import type { Logger } from '../logging/logger.ts';
import { answerOutright } from './answer-outright.ts';
import type { TrackedRequest, TrackedResponse } from './exchange.ts';

export interface AnswerDeadlineOptions {
  readonly timeoutMs: Milliseconds;
  readonly log: Logger;
  readonly clock: Clock;
}

/**
 * Ends requests that are not answered in time, whatever holds them up: an app's code that waits for something that never
 * comes would keep a place for ever. One timer for all of them; a request costs an entry in a map, some 0.1 µs.
 */
export class AnswerDeadline {
  readonly #options: AnswerDeadlineOptions;
  /** Oldest first, but for those that waited for a place, a second at most. Bounded by the places there are. */
  readonly #running = new Map<TrackedRequest, TrackedResponse>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: AnswerDeadlineOptions) {
    this.#options = options;
  }

  /** The request has its time from its arrival on; {@link leave} must follow when its response has closed. */
  enter(request: TrackedRequest, response: TrackedResponse): void {
    this.#running.set(request, response);
    this.#timer ??= setTimeout(this.#expire, this.#options.timeoutMs).unref();
  }

  leave(request: TrackedRequest): void {
    this.#running.delete(request);
  }

  readonly #expire = (): void => {
    this.#timer = undefined;
    const { clock, timeoutMs } = this.#options;
    const nowMs = clock.monotonic();
    for (const [request, response] of this.#running) {
      const leftMs = request.startedAtMs + timeoutMs - nowMs;
      if (leftMs > 0) {
        this.#timer = setTimeout(this.#expire, leftMs + 1).unref();
        return;
      }
      this.#running.delete(request);
      // A file takes as long as its client does.
      if (request.label?.isOurTime !== false) this.#end(request, response);
    }
  };

  #end(request: TrackedRequest, response: TrackedResponse): void {
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

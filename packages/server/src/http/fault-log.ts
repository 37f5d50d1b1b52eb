import { LogController } from 'fastify';
import type { Logger } from '../logging/logger.ts';

/** Sends what Fastify has to say about faults to our log, and nothing for requests that go well. */
export class FaultLog extends LogController {
  readonly #log: Logger;

  constructor(log: Logger) {
    super({ disableRequestLogging: true });
    this.#log = log;
  }

  override incomingRequest(): void {}
  override requestCompleted(): void {}
  override routeNotFound(): void {}
  override defaultErrorLog(): void {}

  override streamError(error: Error): void {
    if ((error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE') return;
    this.#log.warn({ err: error }, 'an answer broke off after its head was sent');
  }

  override writeHeadError(error: Error): void {
    this.#log.error({ err: error }, 'the head of an answer is not valid');
  }

  override serializerError(error: Error): void {
    this.#log.error({ err: error }, 'an answer could not be put into text');
  }
}

import type { Milliseconds } from '@maque/kit';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One HTTP exchange as the SDK asks for it. */
export interface TransportRequest {
  readonly method: Method;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string | undefined;
  /** Bound of the whole exchange, answer body included. */
  readonly timeoutMs: Milliseconds;
}

export interface TransportAnswer {
  readonly status: number;
  readonly text: string;
  /** A header of the answer; names compare without regard to case. */
  header(name: string): string | undefined;
}

/**
 * Carries one request to the server and its answer back, whatever the status.
 * It rejects only when there is no answer; `timedOut` on the reason tells that the time was over.
 */
export type Transport = (request: TransportRequest) => Promise<TransportAnswer>;

/** Why there is no answer. Its message is for logs: `request:fail url not in domain list`. */
export class TransportFault extends Error {
  readonly timedOut: boolean;

  constructor(message: string, timedOut: boolean) {
    super(message);
    this.name = 'TransportFault';
    this.timedOut = timedOut;
  }
}

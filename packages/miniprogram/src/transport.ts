import type { Milliseconds } from '@maque/kit';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A file of a browser or of Node; what is needed of `Blob` and `File`, so that DOM's types are not. */
export interface FileBlob {
  readonly size: number;
  readonly type: string;
}

/** A file to send: inside WeChat the path that its pickers give, elsewhere a `Blob`. */
export type FileToSend = string | FileBlob;

/** One HTTP exchange as the SDK asks for it. */
export interface TransportRequest {
  readonly method: Method;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string | undefined;
  /** To be sent instead of a body, as the part `file` of multipart/form-data. */
  readonly file?: FileToSend | undefined;
  /** Parts of the form before the file, in this order. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
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

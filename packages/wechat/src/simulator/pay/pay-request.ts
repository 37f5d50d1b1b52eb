import type { IncomingHttpHeaders } from 'node:http';

/** A request to WeChat Pay, before anything is known of it. */
export interface PayRequest {
  readonly method: string;
  /** Path and query as they were sent: the signature covers them so. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The very bytes; null when they were too many to keep. */
  readonly body: Uint8Array | null;
}

/** One that can be checked: all of its body is there. */
export interface WholePayRequest extends PayRequest {
  readonly body: Uint8Array;
}

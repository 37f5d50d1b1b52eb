import type { ServerResponse } from 'node:http';

/** An answer, ready to be sent. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export function jsonReply(status: number, value: unknown): Reply {
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}

/** @param toldMs what the simulator's clock says, for the `Date` header. */
export function sendReply(response: ServerResponse, reply: Reply, toldMs: number): void {
  response.writeHead(reply.status, {
    date: new Date(toldMs).toUTCString(),
    'content-type': reply.contentType,
    'content-length': Buffer.byteLength(reply.body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...reply.headers,
  });
  response.end(reply.body);
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came, its body read. */
export interface ReceivedPost {
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string as it is. */
  readonly body: unknown;
}

/** What happens to the next request instead of a proper answer. `silence`: none ever comes. */
export type Fault = Answer | 'silence' | 'hang-up';

/** An HTTP server on loopback that takes alerts. Gone when its scope ends. */
export interface AlertReceiver extends AsyncDisposable {
  readonly origin: string;
  /** Every request that came, in order, whatever was answered. */
  readonly requests: readonly ReceivedPost[];
  /** What the next requests get, one each, before it answers properly again. */
  failNext(...faults: Fault[]): void;
}

/** @param answer what a request gets. */
export async function startReceiver(answer: (post: ReceivedPost) => Answer): Promise<AlertReceiver> {
  const requests: ReceivedPost[] = [];
  const faults: Fault[] = [];
  const server = createServer((request, response) => {
    void readPost(request).then((post) => {
      requests.push(post);
      respond(response, faults.shift() ?? answer(post));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    failNext: (...next) => void faults.push(...next),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readPost(request: IncomingMessage): Promise<ReceivedPost> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://receiver');
  return { url, headers: request.headers, body: Buffer.concat(chunks).toString() };
}

function respond(response: ServerResponse, fault: Fault): void {
  if (fault === 'silence') return;
  if (fault === 'hang-up') {
    response.destroy();
    return;
  }
  const { status = 200, headers = {}, body } = fault;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

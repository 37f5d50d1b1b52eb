import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Milliseconds } from '@maque/kit';
import { bootErrors } from '../config/boot-errors.ts';
import { TrackedRequest, TrackedResponse } from './exchange.ts';

export type NodeServer = Server<typeof TrackedRequest, typeof TrackedResponse>;

export interface NodeServerOptions {
  readonly headersTimeoutMs: Milliseconds;
  readonly requestTimeoutMs: Milliseconds;
  readonly keepAliveTimeoutMs: Milliseconds;
  readonly maxConnections: number;
}

/** Tokens are 300 bytes and nginx adds as much; 16 KiB is also what Node itself allows. */
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_HEADERS = 100;
/** How often slow requests are looked for: a tenth of the default time for headers. */
const SLOW_CHECK_MS: Milliseconds = 1_000;
/** A socket on which nothing moves for this long is cut: a client that stops reading must hold nothing for ever. */
const STALLED_SOCKET_MS: Milliseconds = 120_000;

/** Node's HTTP server with every bound set: connections, headers, and the time each part of a request may take. */
export function createNodeServer(
  options: NodeServerOptions,
  onRequest: (request: TrackedRequest, response: TrackedResponse) => void,
): NodeServer {
  const server = createServer(
    {
      IncomingMessage: TrackedRequest,
      ServerResponse: TrackedResponse,
      headersTimeout: options.headersTimeoutMs,
      requestTimeout: options.requestTimeoutMs,
      keepAliveTimeout: options.keepAliveTimeoutMs,
      connectionsCheckingInterval: SLOW_CHECK_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // Refused by us: Node's own 400 is no coded answer.
      requireHostHeader: false,
      // A request without a body needs no stream for one.
      optimizeEmptyRequests: true,
    },
    onRequest,
  );
  server.maxHeadersCount = MAX_HEADERS;
  server.maxConnections = options.maxConnections;
  server.timeout = STALLED_SOCKET_MS;
  // Whatever else a client expects is not refused (RFC 9110 §10.1.1 leaves it open): Node's own 417 is no coded answer.
  server.on('checkExpectation', onRequest);
  return server;
}

/**
 * Listens, and answers where.
 * @throws CodedError PORT_IN_USE or LISTEN_FAILED.
 */
export function listenOn(server: NodeServer, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => reject(listenError(error, host, port));
    server.once('error', onError);
    server.listen({ host, port }, () => {
      server.off('error', onError);
      resolve(server.address() as AddressInfo);
    });
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') return bootErrors.PORT_IN_USE({ data: { host, port }, cause: error });
  const reason = error.code ?? error.message;
  return bootErrors.LISTEN_FAILED({ data: { host, port, reason }, cause: error });
}

import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { type Milliseconds, SECOND } from '@maque/kit';
import { nodeHttp } from '../node-http.ts';

export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void;

// A scraper, the command line and the console's workers at once, and twice that.
const MAX_CONNECTIONS = 32;

// Everything here is asked and answered in one go on one machine.
const IDLE_TIMEOUT_MS: Milliseconds = 10 * SECOND;

/** A server that is ready to listen. */
export interface LazyHttpServer {
  readonly server: Server;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/**
 * An HTTP server that loads node:http with its first connection: that costs 1 MiB of private memory (Node 26, measured;
 * node:cluster does not load it), which a keeper that nobody asks anything never spends.
 */
export function createLazyHttpServer(handle: HttpHandler): LazyHttpServer {
  const sockets = new Set<Socket>();
  let http: HttpServer | undefined;
  // Paused, so that nothing is read and lost before the parser is there; half-open, as node:http wants its sockets.
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    http ??= createHttpServer(handle);
    http.emit('connection', socket);
    socket.resume();
  });
  server.maxConnections = MAX_CONNECTIONS;
  return {
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function createHttpServer(handle: HttpHandler): HttpServer {
  const server = nodeHttp().createServer({ maxHeaderSize: 8_192 }, (request, response) => {
    // Callers are few and far between; nobody holds a connection.
    response.shouldKeepAlive = false;
    handle(request, response);
  });
  // The usual limits of node:http hang on `listen`, which this server never does.
  server.timeout = IDLE_TIMEOUT_MS;
  return server;
}

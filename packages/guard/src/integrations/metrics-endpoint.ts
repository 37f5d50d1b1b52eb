import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { KiB, type Milliseconds, SECOND } from '@maque/kit';
import { PROMETHEUS_CONTENT_TYPE } from '../export/prometheus.ts';
import type { Guard } from '../guard.ts';
import { type Schedule, scheduleUnreferenced } from '../sample/schedule.ts';
import type { MetricsAddress } from './metrics-address.ts';

export interface MetricsEndpointOptions {
  readonly guard: Pick<Guard, 'metrics' | 'state'>;
  readonly address: MetricsAddress;
  /** What a reader must send as `Authorization: Bearer`; nobody is asked without it. */
  readonly token: string | undefined;
  /** Told once when the port is taken or may not be used. */
  readonly onTrouble: (error: NodeJS.ErrnoException) => void;
  readonly schedule?: Schedule;
}

// A scrape every 15 s is Prometheus' habit: whoever held the port is missed once.
const RETRY_MS: Milliseconds = 15 * SECOND;
// Prometheus, a second one, a person with curl: more are a mistake or an attack.
const MAX_CONNECTIONS = 8;
const REQUEST_TIMEOUT_MS: Milliseconds = 5 * SECOND;
const MAX_HEADER_BYTES = 8 * KiB;

type Told = MetricsEndpointOptions['guard'];

const CONTENTS: Readonly<Record<string, { type: string; render: (guard: Told) => string }>> = {
  'GET /metrics': { type: PROMETHEUS_CONTENT_TYPE, render: (guard) => guard.metrics() },
  'GET /state': {
    type: 'application/json; charset=utf-8',
    render: (guard) => `${JSON.stringify(guard.state())}\n`,
  },
};

/**
 * Tells metrics at `GET /metrics` and everything as JSON at `GET /state`, on a server that does not keep the process
 * alive. While another process has the port it is tried again, so that of several workers one tells at any time.
 */
export class MetricsEndpoint {
  readonly #options: MetricsEndpointOptions;
  readonly #schedule: Schedule;
  readonly #tokenHash: Buffer | null;
  #server: Server | null = null;
  #cancelRetry = () => {};
  #isTroubleTold = false;
  #isClosed = false;

  constructor(options: MetricsEndpointOptions) {
    this.#options = options;
    this.#schedule = options.schedule ?? scheduleUnreferenced;
    this.#tokenHash = options.token === undefined ? null : hash(options.token);
    this.#listen();
  }

  /** Where it listens at present; null while it does not. */
  get port(): number | null {
    const address = this.#server?.address();
    return typeof address === 'object' && address !== null ? address.port : null;
  }

  /** Frees the port at once. */
  close(): void {
    this.#isClosed = true;
    this.#cancelRetry();
    this.#server?.close();
    this.#server?.closeAllConnections();
    this.#server = null;
  }

  #listen(): void {
    if (this.#isClosed) return;
    const { host, port } = this.#options.address;
    const server = createServer({
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: REQUEST_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
    });
    server.maxConnections = MAX_CONNECTIONS;
    server.on('request', (request, response) => this.#answer(request, response));
    server.on('connection', (socket) => socket.unref());
    server.on('error', (error: NodeJS.ErrnoException) => this.#failed(error));
    // Without `exclusive` all workers of a cluster would share the port, and each scrape would meet another one.
    server.listen({ host, port, exclusive: true });
    server.unref();
    this.#server = server;
  }

  #failed(error: NodeJS.ErrnoException): void {
    this.#server = null;
    if (!this.#isTroubleTold) this.#options.onTrouble(error);
    this.#isTroubleTold = true;
    this.#cancelRetry = this.#schedule(() => this.#listen(), RETRY_MS);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const content = CONTENTS[`${request.method} ${request.url?.split('?', 1)[0]}`];
    if (content === undefined) {
      end(response, 404, 'text/plain', 'GET /metrics or /state\n');
    } else if (!this.#mayRead(request.headers.authorization)) {
      response.setHeader('www-authenticate', 'Bearer');
      end(response, 401, 'text/plain', 'a token is needed\n');
    } else {
      end(response, 200, content.type, content.render(this.#options.guard));
    }
  }

  #mayRead(authorization: string | undefined): boolean {
    if (this.#tokenHash === null) return true;
    const given = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
    return given !== undefined && timingSafeEqual(hash(given), this.#tokenHash);
  }
}

/** Texts of any length become something that can be compared in constant time. */
function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function end(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' });
  response.end(body);
}

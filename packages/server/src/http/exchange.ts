import { randomBytes } from 'node:crypto';
import {
  IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  ServerResponse,
} from 'node:http';
import type { Bytes, Milliseconds } from '@maque/kit';
import { countPassing } from './passing-bytes.ts';
import type { RequestFacts } from './request-context.ts';

/** What is known of a route once, so that nothing about it is worked out per request. */
export interface RouteLabel {
  /** Method and route as the log shows them, `"method":"GET","route":"/api/products/:id"`: free of anybody's data. */
  readonly logText: string;
  /** Whether the path names a thing, so that a log line wants the address itself. */
  readonly hasParameters: boolean;
  /** Where its requests are counted. */
  readonly meterIndex: number;
  /** Whether how long it takes is up to this server, and not to how fast a client sends or reads a file. */
  readonly isOurTime: boolean;
}

// Unique among workers and restarts by its first part, within a worker by its second.
const idPrefix = `${randomBytes(4).readUInt32BE().toString(36)}-`;
let idCounter = 0;

/** A request that carries what the steps learn about it, in fields of one shape. */
export class TrackedRequest extends IncomingMessage implements RequestFacts {
  readonly id: string = idPrefix + (idCounter++).toString(36);
  /** Monotonic time of its arrival. */
  startedAtMs: Milliseconds = 0;
  /** How it was let in, as admission counts it. */
  lane: 'none' | 'waiting' | 'regular' | 'exempt' = 'none';
  /** What it has reserved of the memory for bodies. */
  heldBytes: Bytes = 0;
  /** Undefined until a route is found. */
  label: RouteLabel | undefined = undefined;
  /** Whoever turned out to be behind its token. */
  callerId: string | undefined = undefined;
  databaseMs: Milliseconds = 0;
  cacheHits = 0;
  cacheMisses = 0;
}

type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[];

/**
 * How long a client may go on sending to a connection that closes: nginx on the same box sends the rest of a body
 * within milliseconds, a phone that has been answered stops within a round trip.
 */
const LINGER_MS: Milliseconds = 2_000;

/** A response that remembers how long its body is, and does not slam the door on a client that still sends. */
export class TrackedResponse<
  Request extends IncomingMessage = TrackedRequest,
> extends ServerResponse<Request> {
  bodyBytes = 0;
  #closesConnection = false;

  override writeHead(status: number, reason?: string | Headers, headers?: Headers): this {
    if (typeof reason === 'string') return super.writeHead(status, reason, headers);
    // The way Fastify answers: one object with lower-case names, or headers set one by one before a stream.
    const fields = Array.isArray(reason) ? undefined : reason;
    this.bodyBytes = Number(fields?.['content-length'] ?? this.getHeader('content-length') ?? 0);
    const connection = fields?.connection ?? this.getHeader('connection');
    this.#closesConnection = !this.shouldKeepAlive || connection === 'close';
    return super.writeHead(status, reason);
  }

  override end(...args: unknown[]): this {
    if (this.#closesConnection && isStillSending(this.req)) lingerAfterAnswer(this.req);
    return super.end(...(args as []));
  }
}

function isStillSending({ complete, headers }: IncomingMessage): boolean {
  // `complete` is set after the handlers of a request without a body have run.
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return hasBody && !complete;
}

/**
 * Lets the connection of a request end as TCP wants it: our side first, then the rest of the body is read and thrown
 * away. A socket that is closed with unread bytes answers them with a reset, and a client that was still sending may
 * never see its answer (RFC 9112 §9.6); nginx would make a 502 of it.
 */
function lingerAfterAnswer(request: IncomingMessage): void {
  const { socket } = request;
  const destroy = () => socket.destroy();
  // Node calls this once the answer is out and the connection is to be closed.
  socket.destroySoon = () => {
    socket.end();
    if (request.readableEnded) {
      destroy();
      return;
    }
    const timer = setTimeout(destroy, LINGER_MS).unref();
    socket.once('close', () => clearTimeout(timer));
    request.once('end', destroy).on('data', ({ length }: Buffer) => countPassing(length));
    request.resume();
  };
}

import { randomBytes } from 'node:crypto';
import {
  IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  ServerResponse,
} from 'node:http';
import type { Milliseconds } from '@maque/kit';

/** What is known of a route once, so that nothing about it is worked out per request. */
export interface RouteLabel {
  /** Method and route as the log shows them, `"method":"GET","route":"/api/products/:id"`: free of anybody's data. */
  readonly logText: string;
  /** Whether the path names a thing, so that a log line wants the address itself. */
  readonly hasParameters: boolean;
  /** Where its requests are counted. */
  readonly meterIndex: number;
}

// Unique among workers and restarts by its first part, within a worker by its second.
const idPrefix = `${randomBytes(4).readUInt32BE().toString(36)}-`;
let idCounter = 0;

/** A request that carries what the steps learn about it, in fields of one shape. */
export class TrackedRequest extends IncomingMessage {
  readonly id: string = idPrefix + (idCounter++).toString(36);
  /** Monotonic time of its arrival. */
  startedAtMs: Milliseconds = 0;
  /** How it was let in, as admission counts it. */
  lane: 'none' | 'waiting' | 'regular' | 'exempt' = 'none';
  /** Undefined until a route is found. */
  label: RouteLabel | undefined = undefined;
  /** Whoever turned out to be behind its token. */
  callerId: string | undefined = undefined;
}

type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[];

/** A response that remembers how long its body is. */
export class TrackedResponse<
  Request extends IncomingMessage = TrackedRequest,
> extends ServerResponse<Request> {
  bodyBytes = 0;

  override writeHead(status: number, reason?: string | Headers, headers?: Headers): this {
    if (typeof reason === 'string') return super.writeHead(status, reason, headers);
    // The way Fastify answers: one object with lower-case names.
    if (reason !== undefined && !Array.isArray(reason))
      this.bodyBytes = Number(reason['content-length'] ?? 0);
    return super.writeHead(status, reason);
  }
}

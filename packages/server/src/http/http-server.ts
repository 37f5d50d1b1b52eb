import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errors } from '@maque/contract';
import type { RequestMeter } from '@maque/guard';
import type { Bytes, Clock, Milliseconds } from '@maque/kit';
import { type FastifyInstance, fastify } from 'fastify';
import type { AccessLog } from '../logging/access-log.ts';
import type { Logger } from '../logging/logger.ts';
import { Admission, type AdmissionOptions, type AdmissionStats, type Run } from './admission.ts';
import { AnswerDeadline } from './answer-deadline.ts';
import { answerOutright } from './answer-outright.ts';
import { type Authenticator, authenticateStep } from './authenticate.ts';
import { BodyMemory } from './body-memory.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { readClientQuirks } from './client-quirks.ts';
import { compressStep } from './compression.ts';
import { drainServer } from './drain.ts';
import { answerErrors, type ErrorAnswers, errorAnswerer } from './error-handler.ts';
import type { TrackedRequest, TrackedResponse } from './exchange.ts';
import { FaultLog } from './fault-log.ts';
import { useJsonBodies } from './json-body.ts';
import type { LatencyGoal } from './latency-goal.ts';
import { createNodeServer, listenOn, type NodeServer, type NodeServerOptions } from './node-server.ts';
import { answerOverloaded } from './overload-answer.ts';
import { runForRequest } from './request-context.ts';
import type { RouteTimes } from './route-times.ts';

export interface HttpServerOptions extends NodeServerOptions {
  readonly bodyLimit: Bytes;
  /** For the bodies of all requests together; at least one of the largest. */
  readonly bodyMemory: Bytes;
  readonly trustedProxy: readonly string[];
  /** From when a request is let in until its answer is sent; files have as long as their clients take. */
  readonly answerTimeoutMs: Milliseconds;
  readonly admission: Omit<AdmissionOptions, 'clock'>;
  readonly authenticator: Authenticator;
  readonly log: Logger;
  /** As in {@link ErrorAnswers}. */
  readonly whyMissing?: ErrorAnswers['whyMissing'];
  readonly clock: Clock;
  readonly meter: Pick<RequestMeter, 'route' | 'start' | 'end'>;
  readonly latency: Pick<LatencyGoal, 'record'>;
  readonly routeTimes: Pick<RouteTimes, 'end'>;
  /** Writes the line of a request whose response is done with, however it ended. */
  readonly accessLog: AccessLog;
}

export interface HttpServer {
  /** Where modules register their routes, before `listen`. */
  readonly routes: FastifyInstance;
  listen(address: { host: string; port: number }): Promise<AddressInfo>;
  readonly admission: () => AdmissionStats;
  /** Where a route reserves for what it streams out, and for what is long. */
  readonly bodies: Pick<BodyMemory, 'admitFile' | 'admitAnswer'>;
  readonly isDraining: boolean;
  /** From now on every answer says `Connection: close`, and this server is not ready for more. */
  announceDrain(): void;
  /** Finishes what is under way, within the deadline; see {@link drainServer}. */
  drain(deadlineMs: Milliseconds): Promise<void>;
}

/** Longest path parameter: ids have 20 to 40 characters. Longer ones are refused before any route runs. */
const MAX_PARAM_LENGTH = 200;

/**
 * The server and the steps that every request takes, in this order:
 *
 *  1. admit         is there room for it and its body? else 503 at once (admission)
 *  2. route         which route? else 404 or 405 (Fastify)
 *  3. authenticate  who is it, and may they call this route? else 401 or 403
 *  4. parse         JSON within its limits? else 400, 413 or 415
 *  5. handle        the module's own work, which begins with its checks of body and query: else 400
 *  6. compress      a large answer for a client that can read it
 *  7. record        one log line and one measurement, once the response has closed
 *
 * Whatever of this takes too long ends in 504 ({@link AnswerDeadline}).
 */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { clock, meter, accessLog, latency, routeTimes } = options;
  // What was shed, or found no route.
  const unrouted = meter.route('(no route)');
  const deadline = new AnswerDeadline({ timeoutMs: options.answerTimeoutMs, log: options.log, clock });
  const bodies = new BodyMemory({ maxBytes: options.bodyMemory, bodyLimit: options.bodyLimit });
  let isDraining = false;

  const server = createNodeServer(options, (request, response) => {
    request.startedAtMs = clock.monotonic();
    meter.start();
    if (isDraining) response.shouldKeepAlive = false;
    readClientQuirks(request);
    response.on('close', record);
    if (lacksHost(request)) answerOutright(request, response, errors.BAD_REQUEST());
    else admission.enter(request, response);
  });

  // One function for all responses; Node calls it with the response as `this`, so none is made per request.
  function record(this: TrackedResponse): void {
    const request = this.req;
    const tookMs = clock.monotonic() - request.startedAtMs;
    if (request.lane === 'regular' && request.label?.isOurTime === true) latency.record(tookMs);
    admission.leave(request);
    deadline.leave(this);
    const route = request.label?.meterIndex ?? unrouted;
    meter.end(route, tookMs, this.statusCode);
    routeTimes.end(route, tookMs, request);
    accessLog(request, this, tookMs);
  }

  const routes = createRoutes(server, options);
  // Fastify types its router by Node's own classes, of which ours are.
  const admission = new Admission(
    { ...options.admission, clock },
    bodies,
    (request, response) => {
      deadline.enter(response);
      runForRequest(request, response, routes.routing as Run);
    },
    answerOverloaded,
  );

  routes.decorateRequest('identity', null as never);
  routes.addHook('onRoute', (route) => {
    route.onRequest = [
      authenticateStep(route, options.authenticator, meter),
      ...[route.onRequest ?? []].flat(),
    ];
  });
  useJsonBodies(routes);
  routes.addHook('onSend', compressStep);
  answerErrors(routes, options);

  return {
    routes,
    async listen({ host, port }) {
      await routes.ready();
      return listenOn(server, host, port);
    },
    admission: () => admission.stats(),
    bodies,
    get isDraining() {
      return isDraining;
    },
    announceDrain() {
      isDraining = true;
    },
    async drain(deadlineMs) {
      isDraining = true;
      await drainServer(server, deadlineMs);
      await routes.close();
    },
  };
}

/**
 * Schemas describe routes in `/openapi.json` and nothing else. What judges input are the fields of `define/` (see
 * `checkedBody`), which name every fault in the caller's language; and Node 26 writes JSON as fast as a serializer that
 * is generated for a schema. With its own compilers Fastify loads Ajv and fast-json-stringify: 4 MiB in each worker.
 */
const describedOnly = {
  buildValidator: () => () => () => true,
  buildSerializer: () => () => (answer: unknown) => JSON.stringify(answer),
};

/** HTTP/1.1 demands one (RFC 9112 §3.2). */
function lacksHost({ headers, httpVersionMinor }: TrackedRequest): boolean {
  return headers.host === undefined && httpVersionMinor === 1;
}

function createRoutes(server: NodeServer, options: HttpServerOptions): FastifyInstance {
  return fastify({
    // Requests are written to the access log: Fastify's own way makes a child logger for each.
    logger: false,
    logController: new FaultLog(options.log),
    serverFactory: () => server as unknown as Server,
    // The types ask for Ajv's own functions; Fastify calls them with data and looks at what they answer.
    schemaController: { compilersFactory: describedOnly as never },
    bodyLimit: options.bodyLimit,
    trustProxy: options.trustedProxy.length > 0 ? [...options.trustedProxy] : false,
    genReqId: (request) => (request as unknown as TrackedRequest).id,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: errorAnswerer(options),
    clientErrorHandler: answerBrokenRequest,
  });
}

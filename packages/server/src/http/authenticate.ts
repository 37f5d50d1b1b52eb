import { errors } from '@maque/contract';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { Identity, RouteAuth } from '../ports/identity.ts';
import type { RouteLabel, TrackedRequest } from './exchange.ts';
import { ANONYMOUS } from './route-config.ts';

/** Tells who is behind a token: at once when the token is known, later when the database must be asked. */
export interface Authenticator {
  /** @throws CodedError TOKEN_INVALID or TOKEN_EXPIRED; rejects with the same. */
  identify(token: string): Identity | Promise<Identity>;
}

type Done = (error?: Error) => void;
type Step = (request: FastifyRequest, reply: FastifyReply, done: Done) => void;

/** Where requests are counted, by route. */
export interface RouteCounter {
  /** Declares a route such as `GET /api/products/:id` and answers its index. */
  route(name: string): number;
}

/**
 * Makes the step that runs first once a route is found: it labels the request for log and metrics, and sets its
 * identity as the route's `config.auth` demands. One step for each route, so nothing is looked up per request.
 * @throws Error when the route does not state who may call it.
 */
export function authenticateStep(
  route: RouteOptions,
  authenticator: Authenticator,
  counter: RouteCounter,
): Step {
  const auth = route.config?.auth;
  if (auth === undefined) throw new Error(`${route.method} ${route.url} does not state config.auth`);
  const isOurTime = route.config?.streams !== true;
  const demand: Demand = { auth, isBeforeTotp: route.config?.beforeTotp === true };
  const label = { ...labelOf(String(route.method), route.url, counter), isOurTime };

  return (request, _reply, done) => {
    const raw = request.raw as TrackedRequest;
    raw.label = label;
    const token = auth === 'public' ? undefined : bearerToken(request.headers.authorization);
    if (token === undefined) {
      request.identity = ANONYMOUS;
      return done(auth === 'public' || auth === 'optional' ? undefined : errors.AUTH_REQUIRED());
    }
    let identity: Identity | Promise<Identity>;
    try {
      identity = authenticator.identify(token);
    } catch (error) {
      return done(error as Error);
    }
    if (!(identity instanceof Promise)) return done(admitIdentity(request, raw, identity, demand));
    identity.then((known) => done(admitIdentity(request, raw, known, demand)), done);
  };
}

function labelOf(method: string, path: string, counter: RouteCounter): Omit<RouteLabel, 'isOurTime'> {
  // HEAD is GET without a body: one line in the numbers for both.
  const meterIndex = counter.route(`${method === 'HEAD' ? 'GET' : method} ${path}`);
  const logText = JSON.stringify({ method, route: path }).slice(1, -1);
  return { logText, hasParameters: /[:*]/.test(path), meterIndex };
}

interface Demand {
  readonly auth: RouteAuth;
  readonly isBeforeTotp: boolean;
}

function admitIdentity(
  request: FastifyRequest,
  raw: TrackedRequest,
  identity: Identity,
  { auth, isBeforeTotp }: Demand,
): Error | undefined {
  request.identity = identity;
  raw.callerId = callerIdOf(identity);
  if (!isBeforeTotp && identity.kind === 'staff' && identity.mustSetUpTotp) return errors.TOTP_MANDATORY();
  return mayCall(identity, auth) ? undefined : errors.FORBIDDEN();
}

/** Who the log says it was. */
function callerIdOf(identity: Identity): string | undefined {
  if (identity.kind === 'user') return identity.userId;
  if (identity.kind === 'machine') return identity.keyId;
  return identity.kind === 'anonymous' ? undefined : identity.adminId;
}

/** Members of staff are no users of the mini-program, nor the other way round; a machine may be as good as an admin. */
function mayCall(identity: Identity, auth: RouteAuth): boolean {
  if (auth === 'optional' || auth === identity.kind) return true;
  const isAdmin =
    identity.kind === 'admin' || (identity.kind === 'machine' && identity.roles.includes('admin'));
  return isAdmin && (auth === 'admin' || auth === 'staff');
}

/** The token of `Authorization: Bearer <token>`; the scheme's case is free (RFC 9110 §11.1). */
function bearerToken(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (header.startsWith('Bearer ')) return header.slice(7);
  return /^bearer +/i.test(header) ? header.replace(/^bearer +/i, '') : undefined;
}

import { errors } from '@maque/contract';
import type {
  FastifyContextConfig,
  FastifyInstance,
  FastifyRequest,
  FastifySchema,
  onRequestHookHandler,
} from 'fastify';
import { isCollection } from '../../define/collection.ts';
import { recordFields } from '../../define/condition.ts';
import type { Data } from '../../define/data.ts';
import type { Fields } from '../../define/field.ts';
import type { AnswerShape, Route, RouteAudience, RouteLog, UntypedRouteContext } from '../../define/route.ts';
import type { WechatServices } from '../../define/wechat-services.ts';
import { actorOf } from '../../http/actor-of.ts';
import type { DatabaseConnection } from '../../ports/database.ts';
import { isAdmin, rolesOf } from '../collections/standing.ts';
import { answerSchema, inputSchema, recordSchema } from '../records/field-schema.ts';
import { checkedValues } from '../records/record-input.ts';
import type { RecordValues } from '../records/record-session.ts';
import { checkBodyFiles, mayNameFiles } from '../uploads/file-fields.ts';
import { queryValues } from './query-values.ts';

export interface CustomRoutesDeps {
  readonly routes: readonly Route[];
  readonly data: Data;
  /** Where files are looked up that a body names. */
  readonly database: DatabaseConnection;
  /** Asked when a handler uses them first. */
  readonly wechat: () => WechatServices;
  /** The log of a request, whose lines carry its id. */
  readonly logOf: (request: FastifyRequest) => RouteLog;
}

const NOTHING: Readonly<Record<string, unknown>> = Object.freeze({});

/** Mounts the app's own routes under `/api`. */
export function registerCustomRoutes(http: FastifyInstance, deps: CustomRoutesDeps): void {
  for (const route of deps.routes) {
    const project = projectionOf(route.answer);
    const { body = {} } = route;
    const namesFiles = mayNameFiles(body);
    http.route({
      method: route.method,
      url: `/api${route.path}`,
      config: configOf(route.auth),
      onRequest: roleSteps(route.auth),
      schema: schemaOf(route),
      async handler(request, reply) {
        const context = contextOf(route, request, deps);
        if (namesFiles)
          await checkBodyFiles(deps.database, body, request.body as RecordValues, request.identity);
        const answer = await route.handler(context);
        if (answer === undefined) return reply.code(204).send();
        return reply.code(route.status).send(project(answer));
      },
    });
  }
}

function contextOf(
  route: Route,
  request: FastifyRequest,
  { data, wechat, logOf }: CustomRoutesDeps,
): UntypedRouteContext {
  const { identity } = request;
  const user = identity.kind === 'user' ? { id: identity.userId } : undefined;
  return {
    params: request.params as UntypedRouteContext['params'],
    query: checkedQuery(route.query, request.query as Record<string, unknown>),
    body:
      route.body === undefined ? NOTHING : checkedValues(route.body, request.body, { callerId: user?.id }),
    user,
    by: actorOf(identity),
    db: data,
    get wechat() {
      return wechat();
    },
    // Most handlers write no line, so the log is made for those that do.
    get log() {
      return logOf(request);
    },
  };
}

/** A role may be a user's, a member of staff's or a machine's, so whoever comes is let through to {@link roleSteps}. */
function configOf(audience: RouteAudience): FastifyContextConfig {
  return typeof audience === 'string' ? { auth: audience } : { auth: 'optional', roles: audience.roles };
}

/** Lets in who has one of the roles, before the body is read. */
function roleSteps(audience: RouteAudience): onRequestHookHandler[] {
  if (typeof audience === 'string') return [];
  const roles = new Set(audience.roles);
  return [
    ({ identity }, _reply, done) => {
      if (isAdmin(identity) || rolesOf(identity).some((role) => roles.has(role))) done();
      else done(identity.kind === 'anonymous' ? errors.AUTH_REQUIRED() : errors.FORBIDDEN());
    },
  ];
}

/** A route that takes no query takes any: what a client adds to get around a cache does no harm. */
function checkedQuery(
  fields: Fields | undefined,
  query: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return fields === undefined ? NOTHING : checkedValues(fields, queryValues(fields, query), {});
}

/** Keeps of an answer what is declared and not hidden. @throws CodedError INTERNAL when it is no object. */
function projectionOf(shape: AnswerShape | undefined): (answer: unknown) => unknown {
  if (shape === undefined) return (answer) => answer;
  const fields: Fields = isCollection(shape) ? recordFields(shape) : shape;
  const names = Object.keys(fields).filter((name) => fields[name]?.isHidden === false);
  const computed = isCollection(shape) ? Object.entries(shape.computed) : [];
  return (answer) => {
    if (typeof answer !== 'object' || answer === null) {
      throw errors.INTERNAL({ cause: new Error('a handler answered no object where fields are declared') });
    }
    const kept: Record<string, unknown> = {};
    for (const name of names) kept[name] = (answer as Record<string, unknown>)[name];
    for (const [name, { from }] of computed) kept[name] = from(answer as never);
    return kept;
  };
}

function schemaOf({ path, summary, body, query, answer, status }: Route): FastifySchema {
  const [, tag = ''] = path.split('/');
  return {
    tags: [tag],
    ...(summary === undefined ? {} : { summary }),
    ...(body === undefined ? {} : { body: inputSchema(body, { partial: false }) }),
    ...(query === undefined ? {} : { querystring: inputSchema(query, { partial: false }) }),
    ...(answer === undefined
      ? {}
      : {
          response: { [status]: isCollection(answer) ? recordSchema(answer) : answerSchema(answer) },
        }),
  };
}

import type { AnyCollection, RecordOf } from './collection.ts';
import type { Data } from './data.ts';
import type { Fields, ValuesOf } from './field.ts';
import type { Actor } from './hooks.ts';
import type { RoleRule } from './rules.ts';
import type { WechatServices } from './wechat-services.ts';

export type RouteMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may call: anybody; anybody, and who it is is known where there is a token; users; members of staff, admins among
 * them; admins; whoever has one of the roles of `role(…)`, be it a user, a member of staff or a machine, and admins.
 */
export type RouteAudience = 'public' | 'optional' | 'user' | 'staff' | 'admin' | RoleRule;

export interface RouteUser {
  readonly id: string;
}

/** The request's log; every line carries the request's id. */
export interface RouteLog {
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
}

type ParamNames<Path extends string> = Path extends `${infer Head}/${infer Tail}`
  ? ParamNames<Head> | ParamNames<Tail>
  : Path extends `:${infer Name}`
    ? Name
    : never;

type UserFor<Auth extends RouteAudience> = Auth extends 'user'
  ? RouteUser
  : Auth extends 'optional' | RoleRule
    ? RouteUser | undefined
    : undefined;

/** What a handler is given. */
export interface RouteContext<
  Path extends string,
  Auth extends RouteAudience,
  Body extends Fields,
  Query extends Fields,
> {
  readonly params: { readonly [Name in ParamNames<Path>]: string };
  readonly query: ValuesOf<Query>;
  readonly body: ValuesOf<Body>;
  readonly user: UserFor<Auth>;
  /** Whoever calls, of all kinds. */
  readonly by: Actor;
  readonly db: Data;
  /** Payments, messages to users and the rest of WeChat's services. */
  readonly wechat: WechatServices;
  readonly log: RouteLog;
}

/** What an answer looks like: one record of a collection, or named fields. */
export type AnswerShape = AnyCollection | Fields;

type AnswerOf<Answer extends AnswerShape> = Answer extends AnyCollection
  ? RecordOf<Answer>
  : Answer extends Fields
    ? ValuesOf<Answer>
    : never;

export interface RouteOptions<
  Auth extends RouteAudience,
  Body extends Fields,
  Query extends Fields,
  Answer extends AnswerShape,
> {
  readonly auth: Auth;
  /** One line for the reference of the API. */
  readonly summary?: string;
  /** Fields of the JSON body; anything else in it is refused. No body unless said. */
  readonly body?: Body;
  /** Fields of the query string; anything else in it is refused. */
  readonly query?: Query;
  /** What the handler answers; fields that are not declared here do not leave the server. */
  readonly answer?: Answer;
  /** The status of a good answer; 200 unless told, 204 when the handler answers nothing. */
  readonly status?: 200 | 201 | 202;
}

/** A route as the server mounts it, under `/api`. */
export interface Route {
  readonly method: RouteMethod;
  readonly path: string;
  readonly auth: RouteAudience;
  readonly summary: string | undefined;
  readonly body: Fields | undefined;
  readonly query: Fields | undefined;
  readonly answer: AnswerShape | undefined;
  readonly status: 200 | 201 | 202;
  readonly handler: (context: UntypedRouteContext) => unknown;
}

export interface UntypedRouteContext {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly user: RouteUser | undefined;
  readonly by: Actor;
  readonly db: Data;
  readonly wechat: WechatServices;
  readonly log: RouteLog;
}

type NoFields = Record<never, never>;

type RouteMaker = <
  const Path extends string,
  const Auth extends RouteAudience,
  const Body extends Fields = NoFields,
  const Query extends Fields = NoFields,
  const Answer extends AnswerShape = never,
>(
  path: Path,
  options: RouteOptions<Auth, Body, Query, Answer>,
  handler: (
    context: RouteContext<Path, Auth, Body, Query>,
  ) => [Answer] extends [never] ? unknown : AnswerOf<Answer> | Promise<AnswerOf<Answer>>,
) => Route;

const maker =
  (method: RouteMethod): RouteMaker =>
  (path, options, handler) => ({
    // With what is no option, too, so that the app can be told of it.
    ...(options as object),
    method,
    path,
    auth: options.auth,
    summary: options.summary,
    body: options.body,
    query: options.query,
    answer: options.answer,
    status: options.status ?? 200,
    // The server parses body and query by these very fields before it calls, so the shapes agree.
    handler: handler as unknown as Route['handler'],
  });

/** Declares a route of your own: `route.post('/orders', { auth: 'user', body: {…} }, async ({ body, user, db }) => …)`. */
export const route = {
  get: maker('GET'),
  post: maker('POST'),
  put: maker('PUT'),
  patch: maker('PATCH'),
  delete: maker('DELETE'),
};

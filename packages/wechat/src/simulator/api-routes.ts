import type { ApiHandler } from './api-handler.ts';
import {
  handleCheckSession,
  handleCode2Session,
  handlePhoneNumber,
  handleResetSession,
} from './login-endpoints.ts';
import { Refusal } from './refusal.ts';
import { handleLegacyToken, handleStableToken } from './token-endpoints.ts';
import type { World } from './world.ts';

interface ApiRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly handle: ApiHandler;
  /** WeChat labels some of its JSON as plain text. */
  readonly contentType: 'application/json; charset=utf-8' | 'text/plain';
}

const JSON_TYPE = 'application/json; charset=utf-8';

const ROUTES: readonly ApiRoute[] = [
  { method: 'GET', path: '/sns/jscode2session', handle: handleCode2Session, contentType: 'text/plain' },
  { method: 'POST', path: '/cgi-bin/stable_token', handle: handleStableToken, contentType: JSON_TYPE },
  { method: 'GET', path: '/cgi-bin/token', handle: handleLegacyToken, contentType: JSON_TYPE },
  { method: 'GET', path: '/wxa/checksession', handle: handleCheckSession, contentType: JSON_TYPE },
  { method: 'GET', path: '/wxa/resetusersessionkey', handle: handleResetSession, contentType: JSON_TYPE },
  {
    method: 'POST',
    path: '/wxa/business/getuserphonenumber',
    handle: handlePhoneNumber,
    contentType: JSON_TYPE,
  },
];

/** The route of a path, or undefined when the simulator does not know it. */
export function findRoute(path: string): ApiRoute | undefined {
  return ROUTES.find((route) => route.path === path);
}

/** Runs a route after the checks that WeChat makes for all of them. @throws Refusal */
export function runRoute(
  route: ApiRoute | undefined,
  request: { readonly method: string; readonly query: URLSearchParams; readonly body: string },
  world: World,
): Readonly<Record<string, unknown>> {
  if (route === undefined) throw new Refusal(40066);
  if (request.method !== route.method) throw new Refusal(route.method === 'POST' ? 43002 : 43001);
  const body = route.method === 'POST' ? parseBody(request.body) : {};
  return route.handle({ query: request.query, body }, world);
}

function parseBody(text: string): Readonly<Record<string, unknown>> {
  if (text.trim() === '') throw new Refusal(44002);
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body))
      return body as Record<string, unknown>;
  } catch {
    // The same refusal as for JSON that is no object.
  }
  throw new Refusal(47001);
}

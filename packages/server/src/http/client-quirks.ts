import type { TrackedRequest } from './exchange.ts';

/** Takes a request for what a client means by it, before anything else looks at it. */
export function readClientQuirks(request: TrackedRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  if (request.method === 'POST') applyMethodOverride(request);
  forgetTypeOfNothing(request);
}

/**
 * `wx.request` knows no PATCH, so mini-programs send POST with `X-HTTP-Method-Override: PATCH`. No other method hides
 * behind POST, which proxies and logs take at its word.
 */
function applyMethodOverride(request: TrackedRequest): void {
  const meant = request.headers['x-http-method-override'];
  if (typeof meant === 'string' && meant.toUpperCase() === 'PATCH') request.method = 'PATCH';
}

/**
 * `wx.request` says `application/json` of a DELETE or POST without a body too. Node makes no stream for a body that is
 * not there, so whoever reads one because of its type would wait for ever.
 */
function forgetTypeOfNothing({ headers }: TrackedRequest): void {
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  if (!hasBody && headers['content-type'] !== undefined) delete headers['content-type'];
}

import type { TrackedRequest } from './exchange.ts';

/**
 * Takes `POST` with `X-HTTP-Method-Override: PATCH` for the PATCH that it stands for: `wx.request` knows no PATCH.
 * No other method hides behind POST, which proxies and logs take at its word.
 */
export function applyMethodOverride(request: TrackedRequest): void {
  if (request.method !== 'POST') return;
  const meant = request.headers['x-http-method-override'];
  if (typeof meant === 'string' && meant.toUpperCase() === 'PATCH') request.method = 'PATCH';
}

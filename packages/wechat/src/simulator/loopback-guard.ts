import type { IncomingHttpHeaders } from 'node:http';
import { controlErrors } from './control-errors.ts';
import { isLoopback } from './is-loopback.ts';

/**
 * Keeps the pages of other sites out, which a developer's browser would let talk to a loopback address: a name that was
 * rebound to 127.0.0.1 shows in `Host`, a request from another site in `Origin` or `Sec-Fetch-Site`.
 * @param listenHost the address that the simulator was told to listen on; allowed beside the loopback names.
 * @throws CodedError `SIM_FOREIGN_PAGE`
 */
export function assertLocal(headers: IncomingHttpHeaders, listenHost: string): void {
  const host = headers.host ?? '';
  const name = host.replace(/:\d+$/, '').toLowerCase();
  const known = isLoopback(name) || name === listenHost.toLowerCase();
  const sameOrigin = headers.origin === undefined || headers.origin === `http://${host}`;
  const site = headers['sec-fetch-site'];
  const ownPage = site === undefined || site === 'same-origin' || site === 'none';
  if (!known || !sameOrigin || !ownPage) throw controlErrors.SIM_FOREIGN_PAGE();
}

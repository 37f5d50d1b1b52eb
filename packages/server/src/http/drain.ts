import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Milliseconds } from '@maque/kit';

/**
 * How long idle connections are left open, so that each client's next request can be answered with
 * `Connection: close` instead of meeting a reset. A client at 1 request a second per connection makes it.
 */
const IDLE_GRACE_MS: Milliseconds = 1_000;

/**
 * Ends a server without losing a request: it takes no new connections, finishes what is under way and what still
 * arrives on open connections, then closes the idle ones, and at the deadline all. While it drains, the caller must
 * answer with `Connection: close`.
 */
export async function drainServer(server: Server, deadlineMs: Milliseconds): Promise<void> {
  if (!server.listening) {
    // The keeper has ended the traffic already; what is left had its time.
    server.closeAllConnections();
    return;
  }
  const closed = new Promise<void>((resolve) => {
    // Not http.Server's own `close`: that one destroys idle connections at once, and with them requests in flight to us.
    NetServer.prototype.close.call(server, () => resolve());
  });
  const graceMs = Math.min(IDLE_GRACE_MS, deadlineMs / 2);
  const idle = setTimeout(() => server.closeIdleConnections(), graceMs);
  const late = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await closed;
  clearTimeout(idle);
  clearTimeout(late);
  // Already closed for good; this only stops the timer that looks for slow connections.
  server.close();
}

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { bootErrors } from '@maque/server/config/boot-errors';
import { commandErrors } from '../cli/command-errors.ts';

// Enough for many apps on one box; beyond it something is wrong that a person should look at.
export const MOST_TRIES = 100;

/**
 * Proves that a port can be listened on, before any worker is started for it.
 * @returns the port itself, or a free one for 0.
 * @throws CodedError PORT_IN_USE, or LISTEN_FAILED with the system's reason.
 */
export async function claimPort(host: string, port: number): Promise<number> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw bootErrors.PORT_IN_USE({ data: { host, port } });
    throw bootErrors.LISTEN_FAILED({ data: { host, port, reason: code ?? message }, cause: error });
  } finally {
    if (server.listening) await new Promise((closed) => server.close(closed));
  }
}

/** The first free loopback port from `from` on. @throws CodedError NO_FREE_PORT after a hundred tries. */
export async function nextFreePort(from: number): Promise<number> {
  const last = Math.min(from + MOST_TRIES - 1, 65_535);
  for (let port = from; port <= last; port += 1) {
    const free = await claimPort('127.0.0.1', port).catch(() => undefined);
    if (free !== undefined) return free;
  }
  throw commandErrors.NO_FREE_PORT({ data: { from, to: last } });
}

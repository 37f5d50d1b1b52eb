import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { keeperErrors } from '../keeper-errors.ts';

/**
 * Listens for scrapers, on loopback only: the numbers are nobody's business outside.
 * @returns the port, which 0 left open.
 * @throws CodedError `METRICS_PORT_UNAVAILABLE`.
 */
export async function listenOnMetricsPort(server: Server, port: number): Promise<number> {
  server.listen({ host: '127.0.0.1', port });
  try {
    await once(server, 'listening');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw keeperErrors.METRICS_PORT_UNAVAILABLE({ data: { port, reason }, cause: error });
  }
  return (server.address() as AddressInfo).port;
}

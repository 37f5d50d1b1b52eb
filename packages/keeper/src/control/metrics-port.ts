import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { keeperErrors } from '../keeper-errors.ts';

/** Where scrapers find the keeper. */
export interface MetricsPort {
  readonly port: number;
  /** How many ports from there on may be tried where others are faster; 1 for that one alone. */
  readonly tries: number;
}

/**
 * Listens for scrapers, on loopback only: the numbers are nobody's business outside.
 * @returns the port, which 0 left open.
 * @throws CodedError `METRICS_PORT_UNAVAILABLE`.
 */
export async function listenOnMetricsPort(server: Server, { port, tries }: MetricsPort): Promise<number> {
  for (let next = port; ; next += 1) {
    server.listen({ host: '127.0.0.1', port: next });
    try {
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? String(error);
      if (reason === 'EADDRINUSE' && next + 1 < port + tries) continue;
      throw keeperErrors.METRICS_PORT_UNAVAILABLE({ data: { port: next, reason }, cause: error });
    }
  }
}

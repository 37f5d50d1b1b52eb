import { type IncomingMessage, Agent as PlainAgent, get as plainGet } from 'node:http';
import { Agent as TlsAgent, get as tlsGet } from 'node:https';
import type { Milliseconds } from '@maque/kit';

export interface LoadOptions {
  readonly url: URL;
  readonly connections: number;
  readonly durationMs: Milliseconds;
  /** No more than these, however much time is left. */
  readonly mostRequests?: number;
  /** How long an answer may take. */
  readonly patienceMs?: Milliseconds;
}

export interface LoadResult {
  readonly answered: number;
  /** Answered with anything but a success, or not at all: a redirection costs next to nothing and says nothing. */
  readonly failed: number;
  readonly seconds: number;
}

const PATIENCE_MS: Milliseconds = 10_000;
/** Something is wrong with the address: asking on would only fill a log. */
const MOST_FAILURES = 50;

/** Sends GET requests over so many connections, each the next one as soon as it is answered, until the time is over. */
export async function sendLoad({
  url,
  connections,
  durationMs,
  mostRequests = Number.POSITIVE_INFINITY,
  patienceMs = PATIENCE_MS,
}: LoadOptions): Promise<LoadResult> {
  const isTls = url.protocol === 'https:';
  const options = { keepAlive: true, maxSockets: connections };
  // Who measures their own box may have a certificate that is not for localhost.
  const agent = isTls ? new TlsAgent({ ...options, rejectUnauthorized: false }) : new PlainAgent(options);
  const send = isTls ? tlsGet : plainGet;
  const startedMs = performance.now();
  // An answer that never ends, as a stream of events, is none.
  const deadline = setTimeout(() => agent.destroy(), durationMs + patienceMs);
  let [answered, failed] = [0, 0];

  const ask = () =>
    new Promise<boolean>((resolve) => {
      const request = send(url, { agent, timeout: patienceMs }, (response: IncomingMessage) => {
        response.resume();
        response.once('error', () => {});
        response.once('close', () => resolve(response.complete && (response.statusCode ?? 500) < 300));
      });
      request.once('timeout', () => request.destroy());
      request.once('error', () => resolve(false));
    });
  const isOver = () =>
    performance.now() - startedMs >= durationMs ||
    failed >= MOST_FAILURES ||
    answered + failed >= mostRequests;
  const one = async () => {
    while (!isOver()) {
      if (await ask()) answered += 1;
      else failed += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  clearTimeout(deadline);
  agent.destroy();
  return { answered, failed, seconds: (performance.now() - startedMs) / 1000 };
}

import type { Milliseconds } from '@maque/kit';
import { Connection, type Target } from './connection.ts';
import { Latencies, type Latency } from './latencies.ts';
import { Metronome } from './metronome.ts';

/** What is asked of a server; it can be sent to another process. */
export interface SteadyLoad {
  readonly target: Target;
  /** As they go over the wire, asked in turn: see `requestBytes`. */
  readonly requests: readonly string[];
  readonly connections: number;
  readonly requestsPerSecond: number;
  readonly seconds: number;
}

export interface SteadyFigures {
  readonly answered: number;
  /** Answers that were neither 200 nor 201, and requests without one. */
  readonly failed: number;
  /** From when a request was due. */
  readonly latency: Latency;
}

interface Sent {
  readonly dueAt: Milliseconds;
  readonly isCounted: boolean;
}

const WARM_UP: Milliseconds = 2_000;
const TIMEOUT: Milliseconds = 10_000;
const SHORTEST_BEAT: Milliseconds = 1;

/**
 * Asks one thing after the other, evenly spread over the seconds and over all connections, whatever the server does.
 * Latency counts from when a request was due, so a server that stalls cannot hide what it held up. (autocannon's rate is
 * another thing: each connection sends what it may in a second one after the other as fast as it gets answers, and
 * then waits for the next second, so that its latencies are those of a full server.)
 */
export async function steadyLoad({
  target,
  requests,
  connections,
  requestsPerSecond,
  seconds,
}: SteadyLoad): Promise<SteadyFigures> {
  const latencies = new Latencies();
  let failed = 0;
  const count = ({ dueAt, isCounted }: Sent, isRight: boolean) => {
    if (isCounted) latencies.add(performance.now() - dueAt);
    if (!isRight) failed += 1;
  };
  const opened = await openAll(target, connections, count);

  const intervalMs = 1_000 / requestsPerSecond;
  const total = Math.ceil((WARM_UP + seconds * 1_000) / intervalMs);
  const startedAt = performance.now();
  let sent = 0;
  await new Promise<void>((resolve) => {
    const metronome = new Metronome(startedAt, Math.max(intervalMs, SHORTEST_BEAT), () => {
      const dueByNow = Math.min(total, Math.floor((performance.now() - startedAt) / intervalMs) + 1);
      for (; sent < dueByNow; sent += 1) {
        const dueAfter = sent * intervalMs;
        const connection = opened[sent % opened.length];
        const request = { dueAt: startedAt + dueAfter, isCounted: dueAfter >= WARM_UP };
        if (connection?.load === Number.POSITIVE_INFINITY) count(request, false);
        else connection?.send(request, requests[sent % requests.length] ?? '');
      }
      if (sent === total) void metronome.stop().then(resolve);
    });
  });
  const endBy = performance.now() + TIMEOUT;
  const isWaiting = () => opened.some(({ load }) => load > 0 && load !== Number.POSITIVE_INFINITY);
  while (isWaiting() && performance.now() < endBy) await new Promise((resolve) => setTimeout(resolve, 10));
  for (const connection of opened) connection.close();
  return { answered: latencies.count, failed, latency: latencies.summary() };
}

async function openAll(
  target: Target,
  connections: number,
  count: (request: Sent, isRight: boolean) => void,
): Promise<readonly Connection<Sent>[]> {
  const opened: Connection<Sent>[] = [];
  await Promise.all(
    Array.from(
      { length: connections },
      () =>
        new Promise<void>((resolve) => {
          const connection: Connection<Sent> = new Connection<Sent>(
            target,
            { timeoutMs: TIMEOUT },
            {
              onAnswer: (request, { status }) => count(request, status === 200 || status === 201),
              onLoss: (request) => count(request, false),
              onOpen: resolve,
              onRefused: () => {},
            },
          );
          opened.push(connection);
        }),
    ),
  );
  return opened;
}

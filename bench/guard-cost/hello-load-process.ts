import { Connection } from '../load/connection.ts';

/**
 * The load on the small server: every connection sends its next request when it has its answer, or all of them together
 * so many a second, while it is told to. Its parent tells it, and it answers with how many requests were answered so far.
 */
export type HelloOrder = 'run' | 'rest';

// Enough to keep one thread busy all the time; more would only queue.
const CONNECTIONS = 32;
const REQUEST = 'GET / HTTP/1.1\r\nHost: hello\r\n\r\n';
const TIMEOUT_MS = 5_000;

/** Between two bursts of a steady rate. */
const BURST_EVERY_MS = 2;

const requestsPerSecond = process.argv[3] === undefined ? null : Number(process.argv[3]);
const target = { host: '127.0.0.1', port: Number(process.argv[2]) };
let running = false;
let answered = 0;

const connections = Array.from({ length: CONNECTIONS }, () => {
  const connection: Connection<null> = new Connection<null>(
    target,
    { timeoutMs: TIMEOUT_MS },
    {
      onOpen: () => next(connection),
      onRefused: () => {},
      onLoss: () => {
        if (running) throw new Error('a request was lost: the figures would mean nothing');
      },
      onAnswer: (_request, { status }) => {
        if (status !== 200) throw new Error(`answered ${status}`);
        answered += 1;
        next(connection);
      },
    },
  );
  return connection;
});

function next(connection: Connection<null>): void {
  if (requestsPerSecond === null && running && connection.load === 0) connection.send(null, REQUEST);
}

if (requestsPerSecond !== null) {
  const everyMs = 1_000 / requestsPerSecond;
  let dueMs = performance.now();
  let turn = 0;
  setInterval(() => {
    const now = performance.now();
    for (; dueMs <= now; dueMs += everyMs, turn += 1) {
      const connection = connections[turn % CONNECTIONS];
      if (running && connection !== undefined && Number.isFinite(connection.load))
        connection.send(null, REQUEST);
    }
  }, BURST_EVERY_MS);
}

process.on('message', (order: HelloOrder) => {
  running = order === 'run';
  for (const connection of connections) next(connection);
  process.send?.(answered);
});
process.on('disconnect', () => process.exit(0));

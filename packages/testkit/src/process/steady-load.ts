import { Agent, get } from 'node:http';

export interface LoadOptions {
  readonly url: string;
  readonly requestsPerSecond: number;
  /** Keep-alive connections, over which requests are spread. */
  readonly connections: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface LoadResult {
  readonly answered: number;
  /** Requests that got no answer or not a 200. */
  readonly failed: number;
  /** What went wrong, the first 20 of them. */
  readonly failures: readonly string[];
  /** The longest time between two right answers, ms. */
  readonly longestGapMs: number;
}

export interface SteadyLoad {
  /** How it stands. */
  result(): LoadResult;
  /** Sends no more and waits for what is under way. */
  stop(): Promise<LoadResult>;
}

const FAILURES_KEPT = 20;
const TURN_MS = 10;

/** Sends GET requests at a steady rate, whatever becomes of them, until it is stopped. */
export function steadyLoad({ url, requestsPerSecond, connections, headers = {} }: LoadOptions): SteadyLoad {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const startedMs = performance.now();
  const open = new Set<Promise<void>>();
  const failures: string[] = [];
  let [sent, answered, failed, lastAnswerMs, longestGapMs] = [0, 0, 0, startedMs, 0];

  const succeed = () => {
    answered += 1;
    longestGapMs = Math.max(longestGapMs, performance.now() - lastAnswerMs);
    lastAnswerMs = performance.now();
  };
  const fail = (why: string) => {
    failed += 1;
    if (failures.length < FAILURES_KEPT)
      failures.push(`${Math.round(performance.now() - startedMs)} ms: ${why}`);
  };
  const sendOne = () =>
    new Promise<void>((resolve) => {
      const request = get(url, { agent, headers, timeout: 5_000 }, (response) => {
        response.resume();
        response.on('error', (error) => fail(error.message));
        response.on('end', () =>
          response.statusCode === 200 ? succeed() : fail(`status ${response.statusCode}`),
        );
        response.on('close', resolve);
      });
      request.on('timeout', () => request.destroy(new Error('no answer in 5 s')));
      request.on('error', (error: NodeJS.ErrnoException) => {
        fail(error.code ?? error.message);
        resolve();
      });
    });

  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedMs) / 1000) * requestsPerSecond);
    for (; sent < due; sent += 1) {
      const request = sendOne();
      open.add(request);
      void request.then(() => open.delete(request));
    }
  }, TURN_MS);

  const result = () => ({ answered, failed, failures, longestGapMs });
  return {
    result,
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      agent.destroy();
      return result();
    },
  };
}

import type { Milliseconds } from '@maque/kit';
import type { Target } from '../../load/connection.ts';
import { waitUntil } from '../../stacks/wait-until.ts';

/** A harmful request, on a connection of its own. @returns the worker that answered; null when none did. */
export async function post(
  { host, port }: Target,
  path: string,
  timeoutMs: Milliseconds,
): Promise<string | null> {
  try {
    const response = await fetch(`http://${host}:${port}${path}`, {
      method: 'POST',
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.arrayBuffer();
    return response.headers.get('x-worker');
  } catch {
    return null; // it died of it, or still works on it
  }
}

/** Asks who serves, on a connection of its own. */
export async function askWorker({ host, port }: Target, timeoutMs: Milliseconds): Promise<string | null> {
  try {
    const response = await fetch(`http://${host}:${port}/items/1`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.arrayBuffer();
    return response.headers.get('x-worker');
  } catch {
    return null;
  }
}

/** What one look takes at most; new connections may be dealt to a worker that never answers. */
const LOOK_TIMEOUT_MS: Milliseconds = 250;
const LOOK_EVERY_MS: Milliseconds = 5;

/** Waits until a worker that is not one of `known` serves. @returns how long that took. */
export async function waitForNewWorker(
  target: Target,
  known: ReadonlySet<string>,
  timeoutMs: Milliseconds,
): Promise<Milliseconds> {
  const startedAt = performance.now();
  const look = async (): Promise<boolean> => {
    const worker = await askWorker(target, LOOK_TIMEOUT_MS);
    return worker !== null && !known.has(worker);
  };
  await waitUntil(look, { what: 'a new worker that serves', timeoutMs, everyMs: LOOK_EVERY_MS });
  return performance.now() - startedAt;
}

/** Everybody who serves now; new connections are dealt in turn, so a few looks meet all. */
export async function workersThatServe(target: Target): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  for (let look = 0; look < 12; look += 1) {
    const worker = await askWorker(target, LOOK_TIMEOUT_MS);
    if (worker !== null) seen.add(worker);
  }
  return seen;
}

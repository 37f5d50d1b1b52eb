import type { Milliseconds } from '@maque/kit';
import type { Target } from '../../load/connection.ts';
import { waitUntil } from '../../stacks/wait-until.ts';
import { WORKERS } from './contender.ts';

const START_TIMEOUT_MS: Milliseconds = 60_000;
const TRY_EVERY_MS: Milliseconds = 20;

/** Waits until every worker has answered. `assertRunning` throws when there is nothing left to wait for. */
export async function waitForWorkers(
  { host, port }: Target,
  assertRunning: () => void = () => {},
): Promise<void> {
  const seen = new Set<string>();
  const look = async (): Promise<boolean> => {
    assertRunning();
    try {
      const response = await fetch(`http://${host}:${port}/items/1`, { headers: { connection: 'close' } });
      await response.arrayBuffer();
      seen.add(response.headers.get('x-worker') ?? '');
    } catch {
      // Nobody listens yet.
    }
    return seen.size >= WORKERS;
  };
  await waitUntil(look, { what: `${WORKERS} workers`, timeoutMs: START_TIMEOUT_MS, everyMs: TRY_EVERY_MS });
}

import { type Milliseconds, SECOND } from '@maque/kit';

/** Why work is to end that has done nothing wrong. */
export const STOPPED = new Error('the server is stopping');
/** What it has left to end in after its signal. */
const ABORTED_GRACE_MS: Milliseconds = SECOND;

/** Waits for work to end by itself, and after `graceMs` tells it to and waits a little more. */
export async function endWork(
  running: () => readonly Promise<unknown>[],
  graceMs: Milliseconds,
  abort: () => void,
): Promise<void> {
  await settledWithin(running(), graceMs);
  abort();
  await settledWithin(running(), ABORTED_GRACE_MS);
}

async function settledWithin(promises: readonly Promise<unknown>[], limitMs: Milliseconds): Promise<void> {
  if (promises.length === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([Promise.allSettled(promises), late]);
  clearTimeout(timer);
}

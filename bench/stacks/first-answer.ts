import type { Milliseconds } from '@maque/kit';
import type { Target } from '../load/connection.ts';
import { waitUntil } from './wait-until.ts';

/** A start that takes longer is a failure; the slowest seen under load took 6 s. */
const START_TIMEOUT_MS: Milliseconds = 60_000;
/** The resolution of cold starts. */
const TRY_EVERY_MS: Milliseconds = 5;

/** Waits for the first page of products. `assertRunning` throws when there is nothing left to wait for. */
export async function waitForFirstAnswer(target: Target, assertRunning: () => void): Promise<void> {
  const check = async (): Promise<boolean> => {
    assertRunning();
    return await answersProducts(target);
  };
  await waitUntil(check, { what: 'the first answer', timeoutMs: START_TIMEOUT_MS, everyMs: TRY_EVERY_MS });
}

async function answersProducts({ host, port }: Target): Promise<boolean> {
  try {
    const response = await fetch(`http://${host}:${port}/api/products?limit=20`, {
      headers: { connection: 'close' },
    });
    const body = (await response.json()) as { items?: readonly unknown[] };
    return response.status === 200 && body.items?.length === 20;
  } catch {
    return false; // refused, or not the shop yet
  }
}

import type { Milliseconds } from '@maque/kit';

/** The promise's value, or null when it takes longer, or fails. */
export async function within<Value>(promise: Promise<Value>, timeoutMs: Milliseconds): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, timeoutMs), null);
  });
  try {
    return await Promise.race([promise, late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

import type { Milliseconds } from './units.ts';

/** The result of `work`, or a rejection with `late()` when it takes longer; it goes on, and nobody hears how it ends. */
export async function withinLimit<T>(work: Promise<T>, limitMs: Milliseconds, late: () => Error): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

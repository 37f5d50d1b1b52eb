import type { Clock, Milliseconds } from '@maque/kit';

/** Begins to measure a piece of synchronous work; what it returns is called at the end and says how long it took. */
export type WorkWatch = () => () => Milliseconds;

// The shortest time for which Linux gives the processor to somebody else is about this.
const SWITCH_MS: Milliseconds = 1;

/**
 * Measures work by the clock, and leaves out time in which others had the processor: on a box of two busy cores one piece in
 * ten takes 5 to 20 ms that way, where the work itself takes 0.2. The kernel's own account of a thread moves when the thread is
 * switched or ticks (every 4 ms) and not in between, so it cannot measure short work (over pieces of 0.2 ms it tells a third of
 * the sum), but whatever was interrupted has moved it.
 * @param threadCpuMs what the kernel has accounted for so far.
 */
export function createWorkWatch(
  clock: Pick<Clock, 'monotonic'>,
  threadCpuMs: () => Milliseconds = ownThreadCpuMs,
): WorkWatch {
  return () => {
    const accountedMs = threadCpuMs();
    const startedAtMs = clock.monotonic();
    return () => {
      const elapsedMs = Math.max(0, clock.monotonic() - startedAtMs);
      if (elapsedMs < SWITCH_MS) return elapsedMs;
      const workedMs = threadCpuMs() - accountedMs;
      return workedMs > 0 ? Math.min(elapsedMs, workedMs) : elapsedMs;
    };
  };
}

function ownThreadCpuMs(): Milliseconds {
  // Not in Node 22, where work that was interrupted counts as a whole.
  const usage = process.threadCpuUsage?.();
  return usage === undefined ? 0 : (usage.user + usage.system) / 1_000;
}

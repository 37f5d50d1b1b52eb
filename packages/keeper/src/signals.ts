import { isatty } from 'node:tty';
import type { Milliseconds } from '@maque/kit';

export interface SignalActions {
  stop(reason: string, immediately: boolean): void;
  deploy(): void;
}

// npm and shells pass on a Ctrl-C that the terminal has already given to the whole group: the same wish, some ms later.
const SAME_WISH_MS: Milliseconds = 500;

/**
 * SIGTERM and SIGINT stop gently, a second one at once; SIGHUP reads code and settings anew and replaces all workers, as
 * it does in nginx, unless it means that the terminal was closed.
 * @returns a function that gives the signals back.
 */
export function handleSignals(actions: SignalActions): () => void {
  let firstStopMs = Number.POSITIVE_INFINITY;
  const stop = (signal: NodeJS.Signals) => {
    const sinceMs = performance.now() - firstStopMs;
    if (sinceMs >= 0 && sinceMs < SAME_WISH_MS) return;
    if (sinceMs < 0) firstStopMs = performance.now();
    actions.stop(signal, sinceMs >= SAME_WISH_MS);
  };
  // Asked now: a terminal that is gone is none any more.
  const onHangup = isatty(0) ? stop : () => actions.deploy();
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', onHangup);
  return () => {
    process.off('SIGTERM', stop);
    process.off('SIGINT', stop);
    process.off('SIGHUP', onHangup);
  };
}

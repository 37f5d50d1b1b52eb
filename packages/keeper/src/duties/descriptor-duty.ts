import { readdirSync, readFileSync, statSync } from 'node:fs';
import { type Clock, type Milliseconds, SECOND } from '@maque/kit';

interface Watched {
  readonly id: string;
  readonly pid: number;
  readonly phase: string;
}

// Two reads of /proc a worker, 60 µs: what leaks a descriptor a request at 300 req/s takes minutes for Node's 65,536 and more.
const EVERY_MS: Milliseconds = 5 * SECOND;

// Each connection takes one, and so does each file that is read at the moment.
const FULL_SHARE = 0.9;

/**
 * Finds workers that have all but run out of file descriptors. Without one a worker loses each connection that it is handed
 * (its client waits in vain, tried on Node 26), node:cluster gives it no more of them, and its heartbeats go on.
 */
export class DescriptorDuty {
  readonly #clock: Clock;
  readonly #onFull: (id: string) => void;
  #lookedMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, onFull: (id: string) => void) {
    this.#clock = clock;
    this.#onFull = onFull;
  }

  /** To be called at every tick; asks for a worker that has to go as long as it serves. */
  look(workers: readonly Watched[]): void {
    const nowMs = this.#clock.monotonic();
    if (nowMs - this.#lookedMs < EVERY_MS) return;
    this.#lookedMs = nowMs;
    for (const { id, pid, phase } of workers) {
      if (phase === 'ready' && isFull(pid)) this.#onFull(id);
    }
  }
}

/** Never where it cannot be read. */
function isFull(pid: number): boolean {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8')) ?? [];
    return soft !== undefined && countDescriptors(pid) >= FULL_SHARE * Number(soft);
  } catch {
    return false;
  }
}

/** Linux 6.2 and later tell the number as the folder's size; counting names takes the longer the more there are. */
function countDescriptors(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  const { size } = statSync(folder);
  return size > 0 ? size : readdirSync(folder).length;
}

import type { Milliseconds } from '@maque/kit';
import { treeOf } from '../../measure/process-tree.ts';

const LOOK_EVERY_MS: Milliseconds = 100;

/** Every process that was ever seen under a supervisor, so that the kernel's log can be held against it. */
export class SeenProcesses {
  readonly #pids = new Set<number>();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(rootPid: number) {
    this.#timer = setInterval(() => {
      for (const pid of treeOf([rootPid])) this.#pids.add(pid);
    }, LOOK_EVERY_MS);
  }

  has(pid: number): boolean {
    return this.#pids.has(pid);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

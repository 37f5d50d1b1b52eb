import type { WorkerLink } from './link-interface.ts';
import { ManagedLink } from './managed-link.ts';
import { managedWorkerId } from './protocol/worker-env.ts';

export { attachGuard, type GuardedWorkerOptions } from './guarded-worker.ts';
export type { DrainNotice, Examine, PressureNotice, TakeSnapshot, WorkerLink } from './link-interface.ts';
export type { PressureLevel, SnapshotAnswer } from './protocol/messages.ts';

const UNMANAGED: WorkerLink = Object.freeze({
  managed: false,
  workerId: 'w0',
  ready() {},
  failed() {},
  attention() {},
  report() {},
  publish() {},
  subscribe: () => () => {},
  onDrain() {},
  onMetrics() {},
  onAutopsy() {},
  onPressure() {},
  onSnapshot() {},
});

let link: WorkerLink | undefined;

/**
 * The link of this process, always the same one. Without a keeper it does nothing, so that the same code runs alone.
 * Ask for it before any server listens: it drains the servers it has seen begin.
 */
export function workerLink(): WorkerLink {
  if (link === undefined) {
    const workerId = managedWorkerId();
    link = workerId === undefined ? UNMANAGED : new ManagedLink(workerId);
  }
  return link;
}

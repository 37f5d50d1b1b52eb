import type { EventCode } from '../keeper-events.ts';
import type {
  Decision,
  KeeperState,
  Moment,
  Policy,
  PolicyAction,
  Replacement,
  Seat,
  WorkerPhase,
  WorkerRecord,
} from './model.ts';

/** A state in the making: one decision changes it at will, the state it came from stays as it was. */
export class Draft {
  readonly policy: Policy;
  readonly atMs: number;
  readonly random: number;
  mode: KeeperState['mode'];
  recycleQueue: readonly string[];
  replacement: Replacement | null;
  tickedMs: number;
  #seats: readonly Seat[];
  #workers: readonly WorkerRecord[];
  readonly #actions: PolicyAction[] = [];

  constructor(state: KeeperState, moment: Moment) {
    this.policy = state.policy;
    this.atMs = moment.atMs;
    this.random = moment.random;
    this.mode = state.mode;
    this.recycleQueue = state.recycleQueue;
    this.replacement = state.replacement;
    this.tickedMs = state.tickedMs;
    this.#seats = state.seats;
    this.#workers = state.workers;
  }

  get seats(): readonly Seat[] {
    return this.#seats;
  }

  get workers(): readonly WorkerRecord[] {
    return this.#workers;
  }

  find(id: string): WorkerRecord | undefined {
    return this.#workers.find((worker) => worker.id === id);
  }

  seat(index: number): Seat {
    const seat = this.#seats[index];
    if (seat === undefined) throw new RangeError(`there is no seat ${index}`);
    return seat;
  }

  /** Changes a worker; one that is gone by now stays gone. */
  update(id: string, change: Partial<WorkerRecord>): void {
    this.#workers = this.#workers.map((worker) => (worker.id === id ? { ...worker, ...change } : worker));
  }

  updateSeat(index: number, change: Partial<Seat>): void {
    this.#seats = this.#seats.map((seat, at) => (at === index ? { ...seat, ...change } : seat));
  }

  enter(id: string, phase: WorkerPhase, deadlineMs: number): void {
    this.update(id, { phase, sinceMs: this.atMs, deadlineMs });
  }

  remove(id: string): void {
    this.#workers = this.#workers.filter((worker) => worker.id !== id);
    this.recycleQueue = this.recycleQueue.filter((queued) => queued !== id);
    if (this.replacement?.outgoing === id) this.replacement = { ...this.replacement, gone: true };
  }

  /** Whether the budget has room for one process more. */
  hasRoom(): boolean {
    return this.#workers.length < this.policy.workers + (this.policy.surge ? 1 : 0);
  }

  spawn(seat: number): void {
    const id = this.#freeId();
    const { filledBefore, restarts } = this.seat(seat);
    const count = filledBefore ? restarts + 1 : restarts;
    this.updateSeat(seat, { filledBefore: true, restarts: count });
    const worker: WorkerRecord = {
      id,
      seat,
      phase: 'starting',
      sinceMs: this.atMs,
      deadlineMs: this.atMs + this.policy.bootTimeoutMs,
      heardMs: null,
      endedFor: null,
      told: null,
    };
    this.#workers = [...this.#workers, worker];
    this.act({ type: 'spawn', id, restarts: count });
  }

  /** Moves every clock of a worker by a time in which the keeper did not run. */
  forgive(gapMs: number): void {
    this.#workers = this.#workers.map((worker) => ({
      ...worker,
      deadlineMs: worker.deadlineMs + gapMs,
      heardMs: worker.heardMs === null ? null : worker.heardMs + gapMs,
    }));
  }

  note(code: EventCode, data: Readonly<Record<string, unknown>>): void {
    this.act({ type: 'note', code, data });
  }

  act(action: PolicyAction): void {
    this.#actions.push(action);
  }

  finish(): Decision {
    const { policy, mode, recycleQueue, replacement, tickedMs } = this;
    return {
      state: {
        policy,
        mode,
        seats: this.#seats,
        workers: this.#workers,
        recycleQueue,
        replacement,
        tickedMs,
      },
      actions: this.#actions,
    };
  }

  #freeId(): string {
    let number = 1;
    while (this.find(`w${number}`) !== undefined) number += 1;
    return `w${number}`;
  }
}

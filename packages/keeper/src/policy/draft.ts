import type { EventCode } from '../keeper-events.ts';
import type {
  Decision,
  EndedFor,
  KeeperState,
  Moment,
  Policy,
  PolicyAction,
  QueuedRecycle,
  Replacement,
  Rollout,
  Seat,
  WorkerFacts,
  WorkerPhase,
  WorkerRecord,
} from './model.ts';

// Its multiples, modulo 1, keep as far from each other as numbers can.
const GOLDEN_RATIO = 0.618;

const NOTHING_TOLD: WorkerFacts = { requests: null, perSecond: null, leak: null };

/** A state in the making: one decision changes it at will, the state it came from stays as it was. */
export class Draft {
  readonly policy: Policy;
  readonly atMs: number;
  readonly random: number;
  mode: KeeperState['mode'];
  recycleQueue: readonly QueuedRecycle[];
  replacement: Replacement | null;
  rollout: Rollout | null;
  usualPerSecond: number | null;
  spareFits: boolean;
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
    this.rollout = state.rollout;
    this.usualPerSecond = state.usualPerSecond;
    this.spareFits = state.spareFits;
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

  get serving(): readonly WorkerRecord[] {
    return this.#workers.filter(({ phase }) => phase === 'ready');
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
    this.recycleQueue = this.recycleQueue.filter((queued) => queued.id !== id);
    if (this.replacement?.outgoing === id) this.replacement = { ...this.replacement, gone: true };
  }

  /** Whether a successor may start while the one it replaces still serves. */
  get maySurge(): boolean {
    // Drained first, a lone worker would leave nobody who serves.
    return this.policy.workers === 1 || this.spareFits;
  }

  /** Whether the budget has room for one process more. */
  hasRoom(): boolean {
    // Two leave at once only where there was memory for both of their successors.
    const leaving = this.#workers.filter(({ phase }) => phase === 'draining').length;
    return this.#workers.length < this.policy.workers + (this.maySurge ? Math.max(1, leaving) : 0);
  }

  spawn(seat: number, version: number): void {
    const id = this.#freeId();
    const { filledBefore, restarts } = this.seat(seat);
    const count = filledBefore ? restarts + 1 : restarts;
    this.updateSeat(seat, { filledBefore: true, restarts: count });
    const worker: WorkerRecord = {
      id,
      seat,
      version,
      phase: 'starting',
      sinceMs: this.atMs,
      deadlineMs: this.atMs + this.policy.bootTimeoutMs,
      ready: null,
      heardMs: null,
      examinedSilenceMs: null,
      snapshotSinceMs: null,
      facts: NOTHING_TOLD,
      leakSinceMs: null,
      condemned: null,
      livesMs: null,
      // Several that start in one moment are no twins.
      spread: (this.random + seat * GOLDEN_RATIO) % 1,
      endedFor: null,
      told: null,
    };
    this.#workers = [...this.#workers, worker];
    this.act({ type: 'spawn', id, restarts: count, version });
  }

  kill(id: string, endedFor: EndedFor): void {
    this.update(id, { phase: 'killed', deadlineMs: Number.POSITIVE_INFINITY, endedFor });
    this.act({ type: 'kill', id });
  }

  /** Moves every clock of a worker by a time in which the keeper did not run. */
  forgive(gapMs: number): void {
    const later = (ms: number | null) => (ms === null ? null : ms + gapMs);
    this.#workers = this.#workers.map((worker) => ({
      ...worker,
      deadlineMs: worker.deadlineMs + gapMs,
      heardMs: later(worker.heardMs),
      examinedSilenceMs: later(worker.examinedSilenceMs),
      snapshotSinceMs: later(worker.snapshotSinceMs),
      leakSinceMs: later(worker.leakSinceMs),
    }));
  }

  note(code: EventCode, data: Readonly<Record<string, unknown>>): void {
    this.act({ type: 'note', code, data });
  }

  act(action: PolicyAction): void {
    this.#actions.push(action);
  }

  finish(): Decision {
    const { policy, mode, recycleQueue, replacement, rollout } = this;
    const { usualPerSecond, spareFits, tickedMs } = this;
    return {
      state: {
        policy,
        mode,
        seats: this.#seats,
        workers: this.#workers,
        recycleQueue,
        replacement,
        rollout,
        usualPerSecond,
        spareFits,
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

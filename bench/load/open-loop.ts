import type { Milliseconds } from '@maque/kit';
import { Crowd, type Member } from './crowd.ts';
import type { Load, LoadPlan, LoadTotals, OpenLoopPlan } from './load-plan.ts';
import { Metronome } from './metronome.ts';
import type { WindowResult } from './window.ts';

/** Requests that wait for a free connection at most; reached only when a server is gone for minutes. */
const MAX_WAITING = 100_000;
/** At high rates several requests are sent at each beat. */
const SHORTEST_BEAT_MS: Milliseconds = 1;

/**
 * Sends at a steady rate whatever the server does, as many independent users would. Latency counts from when a request
 * was due, so a server that stalls cannot hide the requests it held up (no coordinated omission).
 */
export class OpenLoop implements Load {
  readonly #crowd: Crowd;
  readonly #plan: OpenLoopPlan;
  readonly #intervalMs: Milliseconds;
  readonly #metronome: Metronome;
  readonly #startedAt: Milliseconds;
  /** When the requests that wait for a connection were due. */
  readonly #waiting: Milliseconds[] = [];
  #due = 0;
  #nextMember = 0;
  #stopping = false;

  constructor(plan: LoadPlan & OpenLoopPlan) {
    this.#plan = plan;
    this.#intervalMs = 1_000 / plan.requestsPerSecond;
    this.#crowd = new Crowd(plan, plan.timeoutMs, (member) => this.#sendWaiting(member));
    this.#startedAt = performance.now();
    const periodMs = Math.max(this.#intervalMs, SHORTEST_BEAT_MS);
    this.#metronome = new Metronome(this.#startedAt, periodMs, () => this.#sendDue());
  }

  startWindow(): void {
    this.#crowd.startWindow();
  }

  endWindow(): WindowResult {
    const { window } = this.#crowd;
    window.notSent(this.#waiting.length);
    return window.end();
  }

  async stop(): Promise<LoadTotals> {
    this.#stopping = true;
    await this.#metronome.stop();
    return await this.#crowd.stop();
  }

  #sendDue(): void {
    const dueByNow = Math.floor((performance.now() - this.#startedAt) / this.#intervalMs) + 1;
    while (this.#due < dueByNow && !this.#stopping) {
      const dueAt = this.#startedAt + this.#due * this.#intervalMs;
      const member = this.#freeMember();
      if (member === undefined) {
        this.#holdBack(dueByNow);
        return;
      }
      this.#due += 1;
      this.#send(member, dueAt);
    }
  }

  /** All connections are taken. */
  #holdBack(dueByNow: number): void {
    for (; this.#due < dueByNow; this.#due += 1) {
      if (this.#plan.whenBusy === 'drop' || this.#waiting.length >= MAX_WAITING)
        this.#crowd.window.notSent(1);
      else this.#waiting.push(this.#startedAt + this.#due * this.#intervalMs);
    }
  }

  #sendWaiting(member: Member): void {
    if (this.#stopping || member.load >= this.#plan.outstandingPerConnection) return;
    const dueAt = this.#waiting.shift();
    if (dueAt !== undefined) this.#send(member, dueAt);
  }

  #send(member: Member, dueAt: Milliseconds): void {
    this.#crowd.window.sentLate(performance.now() - dueAt);
    member.send(dueAt);
  }

  /** The next member in turn whose connection can take a request. */
  #freeMember(): Member | undefined {
    const { members } = this.#crowd;
    for (let tried = 0; tried < members.length; tried += 1) {
      const member = members[this.#nextMember];
      this.#nextMember = (this.#nextMember + 1) % members.length;
      if (member !== undefined && member.load < this.#plan.outstandingPerConnection) return member;
    }
    return undefined;
  }
}

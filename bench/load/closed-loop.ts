import type { Milliseconds } from '@maque/kit';
import { Crowd, type Member } from './crowd.ts';
import type { ClosedLoopPlan, Load, LoadPlan, LoadTotals } from './load-plan.ts';
import type { WindowResult } from './window.ts';

/** Saturates a server: each user sends the next request as soon as the last is answered and it is their turn. */
export class ClosedLoop implements Load {
  readonly #crowd: Crowd;
  readonly #mostAtOnce: number;
  readonly #leastGapMs: Milliseconds;
  readonly #waiting = new Set<Member>();
  readonly #asking = new Set<Member>();
  readonly #sentAt = new WeakMap<Member, Milliseconds>();
  #stopping = false;

  constructor(plan: LoadPlan & ClosedLoopPlan) {
    this.#mostAtOnce = plan.mostAtOnce ?? Number.POSITIVE_INFINITY;
    this.#leastGapMs = plan.leastGapMs ?? 0;
    this.#crowd = new Crowd(plan, plan.timeoutMs, (member) => this.#freed(member));
  }

  startWindow(): void {
    this.#crowd.startWindow();
  }

  endWindow(): WindowResult {
    return this.#crowd.window.end();
  }

  stop(): Promise<LoadTotals> {
    this.#stopping = true;
    return this.#crowd.stop();
  }

  #freed(member: Member): void {
    this.#asking.delete(member);
    const waitMs = this.#leastGapMs === 0 ? 0 : this.#waitOf(member);
    if (waitMs > 0) setTimeout(() => this.#queue(member), waitMs);
    else this.#queue(member);
  }

  #waitOf(member: Member): Milliseconds {
    const sentAt = this.#sentAt.get(member) ?? Number.NEGATIVE_INFINITY;
    return sentAt + this.#leastGapMs - performance.now();
  }

  #queue(member: Member): void {
    this.#waiting.add(member);
    for (const next of this.#waiting) {
      if (this.#stopping || this.#asking.size >= this.#mostAtOnce) return;
      this.#waiting.delete(next);
      if (next.load === 0) this.#send(next);
    }
  }

  #send(member: Member): void {
    const now = performance.now();
    this.#asking.add(member);
    this.#sentAt.set(member, now);
    member.send(now);
  }
}

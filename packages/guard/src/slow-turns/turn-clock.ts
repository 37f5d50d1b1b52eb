import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Clock, Milliseconds } from '@maque/kit';
import { harmless } from '../harmless.ts';
import { SLOW_TURN_MS } from './slow-turns-report.ts';

interface Span {
  readonly fromMs: Milliseconds;
  readonly toMs: Milliseconds;
}

/** A time in which the event loop did not come round. */
export interface SlowTurn extends Span {
  /** The longest time in it in which no request began and none was answered: one piece of work, as far as anybody knows. */
  readonly work: Span;
}

// Fifty wakes a second for twenty seconds: a tenth of a percent of a core in that time.
const TICK_MS: Milliseconds = 20;

const EDGES = ['http.server.request.start', 'http.server.response.finish'];

/** Notes when a timer came late by a slow turn or more: the loop was held up from when it was due until it came. */
export class TurnClock {
  readonly #clock: Clock;
  readonly #onSlow: (turns: number) => void;
  readonly #max: number;
  readonly #turns: SlowTurn[] = [];
  readonly #timer: NodeJS.Timeout;
  #tickedMs: Milliseconds;
  #edgeMs: Milliseconds;
  #work: Span;

  /** @param max turns that are noted; later ones are not. */
  constructor(max: number, clock: Clock, onSlow: (turns: number) => void) {
    this.#max = max;
    this.#clock = clock;
    this.#onSlow = onSlow;
    this.#tickedMs = clock.monotonic();
    this.#edgeMs = this.#tickedMs;
    this.#work = { fromMs: this.#tickedMs, toMs: this.#tickedMs };
    for (const edge of EDGES) subscribe(edge, this.#edge);
    this.#timer = setInterval(
      harmless(() => this.#tick()),
      TICK_MS,
    );
    this.#timer.unref();
  }

  stop(): readonly SlowTurn[] {
    clearInterval(this.#timer);
    for (const edge of EDGES) unsubscribe(edge, this.#edge);
    return this.#turns;
  }

  readonly #edge = (): void => this.#endWork(this.#clock.monotonic());

  #endWork(nowMs: Milliseconds): void {
    const longest = this.#work.toMs - this.#work.fromMs;
    if (nowMs - this.#edgeMs > longest) this.#work = { fromMs: this.#edgeMs, toMs: nowMs };
    this.#edgeMs = nowMs;
  }

  #tick(): void {
    const nowMs = this.#clock.monotonic();
    this.#endWork(nowMs);
    const fromMs = this.#tickedMs + TICK_MS;
    const work = this.#work;
    this.#tickedMs = nowMs;
    this.#work = { fromMs: nowMs, toMs: nowMs };
    if (nowMs - fromMs < SLOW_TURN_MS || this.#turns.length >= this.#max) return;
    this.#turns.push({ fromMs, toMs: nowMs, work });
    this.#onSlow(this.#turns.length);
  }
}

import type { Milliseconds } from '@maque/kit';
import type { LossReason } from './connection.ts';
import { Latencies, type Latency } from './latencies.ts';
import { REQUEST_KINDS, type RequestKind, type Verdict } from './shopper.ts';

/** A request that got no right answer. Times are epoch milliseconds, comparable between processes of one machine. */
export interface Failure {
  readonly kind: RequestKind;
  readonly reason: LossReason | 'wrong-answer' | 'shed';
  readonly status?: number;
  readonly sentAt: Milliseconds;
  readonly failedAt: Milliseconds;
}

/** What happened between two moments of a load. */
export interface WindowResult {
  readonly seconds: number;
  readonly right: number;
  readonly shed: number;
  readonly wrong: number;
  readonly lost: number;
  /** Due requests that no connection could take, or that still waited for one at the end (open loop only). */
  readonly notSent: number;
  readonly refusedConnections: number;
  /** Of the right answers. */
  readonly latency: Latency;
  /** How late the generator itself sent, part of the latency above (open loop only). */
  readonly sendDelay: Latency | null;
  readonly bodyBytesPerAnswer: Readonly<Record<RequestKind, number>>;
  /** The longest time without a right answer. */
  readonly longestSilenceMs: number;
  /** The first failures; their number is bounded, `wrong` and `lost` count all. */
  readonly failures: readonly Failure[];
  /** CPU of the load generator itself, in cores. */
  readonly generatorCores: number;
}

/** Failures kept with their details; more would say nothing new. */
const MAX_FAILURES = 1_000;

/** Counts one window of a load. */
export class Window {
  readonly #startedAt = performance.now();
  readonly #cpu = process.cpuUsage();
  readonly #latency = new Latencies();
  readonly #sendDelay = new Latencies();
  readonly #bytes = new Map<RequestKind, { answers: number; bytes: number }>(
    REQUEST_KINDS.map((kind) => [kind, { answers: 0, bytes: 0 }]),
  );
  readonly #failures: Failure[] = [];
  readonly #counts = { right: 0, shed: 0, wrong: 0, lost: 0, notSent: 0, refusedConnections: 0 };
  #lastRightAt = this.#startedAt;
  #longestSilenceMs = 0;

  /** @param since when the request was due (open loop) or sent (closed loop), on `performance.now()`'s clock. */
  answered(
    kind: RequestKind,
    verdict: Verdict,
    status: number,
    since: Milliseconds,
    bodyBytes: number,
  ): void {
    const now = performance.now();
    this.#counts[verdict] += 1;
    if (verdict !== 'right') {
      const reason = verdict === 'shed' ? 'shed' : 'wrong-answer';
      this.#fail({ kind, reason, status, sentAt: since, failedAt: now });
      return;
    }
    this.#latency.add(now - since);
    this.#longestSilenceMs = Math.max(this.#longestSilenceMs, now - this.#lastRightAt);
    this.#lastRightAt = now;
    const total = this.#bytes.get(kind);
    if (total === undefined) return;
    total.answers += 1;
    total.bytes += bodyBytes;
  }

  lost(kind: RequestKind, reason: LossReason, since: Milliseconds): void {
    this.#counts.lost += 1;
    this.#fail({ kind, reason, sentAt: since, failedAt: performance.now() });
  }

  notSent(requests: number): void {
    this.#counts.notSent += requests;
  }

  refused(): void {
    this.#counts.refusedConnections += 1;
  }

  sentLate(delayMs: Milliseconds): void {
    this.#sendDelay.add(delayMs);
  }

  end(): WindowResult {
    const now = performance.now();
    const seconds = (now - this.#startedAt) / 1_000;
    const cpu = process.cpuUsage(this.#cpu);
    return {
      seconds,
      ...this.#counts,
      latency: this.#latency.summary(),
      sendDelay: this.#sendDelay.count === 0 ? null : this.#sendDelay.summary(),
      bodyBytesPerAnswer: Object.fromEntries(
        [...this.#bytes].map(([kind, { answers, bytes }]) => [
          kind,
          Math.round(bytes / Math.max(1, answers)),
        ]),
      ) as Record<RequestKind, number>,
      longestSilenceMs: Math.max(this.#longestSilenceMs, now - this.#lastRightAt),
      failures: this.#failures,
      generatorCores: (cpu.user + cpu.system) / 1e6 / seconds,
    };
  }

  #fail(failure: Failure): void {
    if (this.#failures.length >= MAX_FAILURES) return;
    const { sentAt, failedAt } = failure;
    const { timeOrigin } = performance;
    this.#failures.push({ ...failure, sentAt: timeOrigin + sentAt, failedAt: timeOrigin + failedAt });
  }
}

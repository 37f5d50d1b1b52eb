import type { Milliseconds } from '@maque/kit';
import { Latencies } from '../../load/latencies.ts';
import {
  PATIENCE_MS,
  type RequestCounts,
  type TrafficFailure,
  type TrafficWindow,
  type WorkerAnswers,
} from './traffic-plan.ts';

/** Failures kept with their details; more would say nothing new. */
const MAX_FAILURES = 500;
/** Workers told apart in one window; a crash loop of ten minutes has some hundred. */
const MAX_WORKERS = 1_000;

interface WorkerRecord {
  readonly release: string;
  readonly latencies: Latencies;
}

/** When each worker was first heard of; outlives windows. */
export type FirstAnswers = Map<string, Milliseconds>;

/** Counts one window of traffic. Times come in on `performance.now()`'s clock. */
export class TrafficRecorder {
  readonly #startedAt = performance.now();
  readonly #firstAnswers: FirstAnswers;
  readonly #latencies = new Latencies();
  readonly #sendDelays = new Latencies();
  readonly #workers = new Map<string, WorkerRecord>();
  readonly #failures: TrafficFailure[] = [];
  readonly #counts = { right: 0, wrong: 0, late: 0, lost: 0, notSent: 0 };
  #refused = 0;
  #lastRightAt = this.#startedAt;
  #longestSilenceMs = 0;

  constructor(firstAnswers: FirstAnswers) {
    this.#firstAnswers = firstAnswers;
  }

  answered(worker: string, release: string, dueAt: Milliseconds): void {
    const now = performance.now();
    this.#counts[now - dueAt > PATIENCE_MS ? 'late' : 'right'] += 1;
    this.#latencies.add(now - dueAt);
    this.#workerRecord(worker, release, now)?.latencies.add(now - dueAt);
    this.#longestSilenceMs = Math.max(this.#longestSilenceMs, now - this.#lastRightAt);
    this.#lastRightAt = now;
  }

  failed(path: string, reason: TrafficFailure['reason'], dueAt: Milliseconds, status?: number): void {
    this.#counts[reason === 'wrong-answer' ? 'wrong' : 'lost'] += 1;
    if (this.#failures.length >= MAX_FAILURES) return;
    const { timeOrigin } = performance;
    const [at, failedAt] = [timeOrigin + dueAt, timeOrigin + performance.now()];
    this.#failures.push({ path, reason, dueAt: at, failedAt, ...(status === undefined ? {} : { status }) });
  }

  refused(): void {
    this.#refused += 1;
  }

  sentLate(delayMs: Milliseconds): void {
    this.#sendDelays.add(delayMs);
  }

  notSent(requests: number): void {
    this.#counts.notSent += requests;
  }

  end(): Omit<TrafficWindow, 'sockets'> {
    const now = performance.now();
    return {
      seconds: (now - this.#startedAt) / 1_000,
      counts: { ...this.#counts },
      refusedConnections: this.#refused,
      latency: this.#latencies.summary(),
      sendDelay: this.#sendDelays.summary(),
      workers: [...this.#workers].map(([worker, record]) => this.#summary(worker, record)),
      longestSilenceMs: Math.max(this.#longestSilenceMs, now - this.#lastRightAt),
      failures: this.#failures,
    };
  }

  #workerRecord(worker: string, release: string, now: Milliseconds): WorkerRecord | undefined {
    const known = this.#workers.get(worker);
    if (known !== undefined || this.#workers.size >= MAX_WORKERS) return known;
    if (!this.#firstAnswers.has(worker)) this.#firstAnswers.set(worker, performance.timeOrigin + now);
    const record = { release, latencies: new Latencies() };
    this.#workers.set(worker, record);
    return record;
  }

  #summary(worker: string, { release, latencies }: WorkerRecord): WorkerAnswers {
    return {
      worker,
      release,
      answers: latencies.count,
      latency: latencies.summary(),
      firstAnswerAt: this.#firstAnswers.get(worker) ?? Number.NaN,
    };
  }
}

export function requestsOf({ right, wrong, late, lost, notSent }: RequestCounts): number {
  return right + wrong + late + lost + notSent;
}

export function failedOf(counts: RequestCounts): number {
  return requestsOf(counts) - counts.right;
}

/** The share of requests that were answered right and in time; NaN when there were none. */
export function availabilityOf(counts: RequestCounts): number {
  return counts.right / requestsOf(counts);
}

/** Windows taken one after the other, as one. */
export function addCounts(all: readonly RequestCounts[]): RequestCounts {
  const sum = { right: 0, wrong: 0, late: 0, lost: 0, notSent: 0 };
  for (const counts of all) {
    for (const name of Object.keys(sum) as (keyof RequestCounts)[]) sum[name] += counts[name];
  }
  return sum;
}

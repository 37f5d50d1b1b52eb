import type { WorkerStatus } from '@maque/guard';
import { Drain, type DrainLimits } from './drain/drain.ts';
import { Traffic } from './drain/traffic.ts';
import type { DrainNotice, WorkerLink } from './link-interface.ts';
import { BoundedSender } from './protocol/bounded-sender.ts';
import {
  BUS_MESSAGE_LIMIT,
  cutFailure,
  type KeeperMessage,
  METRICS_TEXT_LIMIT,
  readKeeperMessage,
  type WorkerMessage,
} from './protocol/messages.ts';

type BusListener = (payload: unknown) => void;
type DrainListener = (drain: DrainNotice) => void | Promise<void>;

// What may wait in the channel for a keeper that does not read: sixteen messages of the greatest size.
const MAX_WAITING_BYTES = 1024 * 1024;

// A heartbeat as JSON, and the metrics text is counted by itself.
const STATUS_BYTES = 1_000;

// What listeners get for closing when the requests took all the time; half of what the keeper adds to the deadline.
const LAST_WORDS_MS = 1_000;

/** The link of a worker that a keeper started. */
export class ManagedLink implements WorkerLink {
  readonly managed = true;
  readonly workerId: string;
  readonly #traffic = new Traffic();
  readonly #sender = new BoundedSender<WorkerMessage>(sendToKeeper, MAX_WAITING_BYTES);
  readonly #busListeners = new Map<string, Set<BusListener>>();
  readonly #drainListeners: DrainListener[] = [];
  #renderMetrics: () => string = () => '';
  #drain: Drain | undefined;

  constructor(workerId: string) {
    this.workerId = workerId;
    process.on('message', (raw) => this.#receive(raw));
    // A terminal and systemd signal the keeper's whole group. The keeper decides when a worker goes; a SIGTERM that
    // is meant for this one is taken as the wish to replace it.
    process.on('SIGINT', () => {});
    process.on('SIGHUP', () => {});
    process.on('SIGTERM', () => this.#sender.send({ type: 'replace-me', reason: 'SIGTERM' }));
  }

  ready(info: Readonly<Record<string, unknown>> = {}): void {
    // A turn later, so that node:cluster's own word about the address has gone first.
    setImmediate(() => this.#sender.send({ type: 'ready', info }));
  }

  failed(failure: { readonly code: string; readonly message: string }): void {
    this.#sender.send({ type: 'failed', ...cutFailure(failure) });
  }

  report(status: WorkerStatus): void {
    this.#sender.offer({ type: 'status', status }, STATUS_BYTES);
  }

  publish(channel: string, payload: unknown): void {
    const body = JSON.stringify(payload) ?? 'null';
    const size = Buffer.byteLength(body);
    if (size > BUS_MESSAGE_LIMIT) {
      throw new RangeError(`a bus message is ${size} bytes; ${BUS_MESSAGE_LIMIT} are allowed`);
    }
    this.#sender.offer({ type: 'bus', channel, body }, size);
  }

  subscribe(channel: string, listener: BusListener): () => void {
    const listeners = this.#busListeners.get(channel) ?? new Set();
    this.#busListeners.set(channel, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#busListeners.delete(channel);
    };
  }

  onDrain(listener: DrainListener): void {
    this.#drainListeners.push(listener);
  }

  onMetrics(render: () => string): void {
    this.#renderMetrics = render;
  }

  #receive(raw: unknown): void {
    const message = readKeeperMessage(raw);
    if (message?.type === 'drain') this.#drainOrHurry(message);
    if (message?.type === 'bus') this.#deliver(message);
    if (message?.type === 'ask-metrics') this.#answerMetrics(message.id);
  }

  #deliver({ channel, body }: Extract<KeeperMessage, { type: 'bus' }>): void {
    const listeners = this.#busListeners.get(channel);
    if (listeners === undefined) return;
    const payload: unknown = JSON.parse(body);
    for (const listener of [...listeners]) listener(payload);
  }

  #answerMetrics(id: number): void {
    const text = this.#metricsText();
    this.#sender.offer({ type: 'metrics', id, text }, text.length);
  }

  /** Empty when it cannot be rendered or is too long: a scrape must not end a worker. */
  #metricsText(): string {
    try {
      const text = this.#renderMetrics();
      return text.length <= METRICS_TEXT_LIMIT ? text : '';
    } catch {
      return '';
    }
  }

  #drainOrHurry(message: DrainLimits & { readonly reason: string }): void {
    if (this.#drain === undefined) {
      this.#drain = new Drain(this.#traffic, message);
      void this.#leave(this.#drain, message.reason);
    } else {
      this.#drain.hurry(message);
    }
  }

  async #leave(drain: Drain, reason: string): Promise<void> {
    const traffic = drain.settled();
    const notice: DrainNotice = { reason, deadlineMs: drain.leftMs, settled: traffic.then(() => {}) };
    const listeners = Promise.allSettled(this.#drainListeners.map(async (listener) => listener(notice)));
    const requestsCut = await traffic;
    const patience = Math.max(LAST_WORDS_MS, drain.leftMs);
    await Promise.race([listeners, new Promise((resolve) => setTimeout(resolve, patience))]);
    this.#sender.send({ type: 'drained', requestsCut }, () => process.exit(0));
  }
}

function sendToKeeper(message: object, callback: (error: Error | null) => void): void {
  process.send?.(message, undefined, undefined, callback);
}

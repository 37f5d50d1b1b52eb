import cluster from 'node:cluster';
import type { WorkerStatus } from '@maque/guard';
import { type Milliseconds, SECOND } from '@maque/kit';
import { Departure, type DrainListener } from './drain/departure.ts';
import { Traffic } from './drain/traffic.ts';
import type { Examine, PressureNotice, TakeSnapshot, WorkerLink } from './link-interface.ts';
import type { ProbeQuestion } from './probe/probe-own-server.ts';
import { BoundedSender } from './protocol/bounded-sender.ts';
import {
  BUS_MESSAGE_LIMIT,
  cutAnswer,
  cutFailure,
  type KeeperMessage,
  METRICS_TEXT_LIMIT,
  readKeeperMessage,
  type SnapshotAnswer,
  type WorkerMessage,
} from './protocol/messages.ts';
import { STICKY_ENV, sessionMessage } from './sticky/session-message.ts';
import { joinStickySessions } from './sticky/sticky-worker.ts';

// What an event line has room for.
const PROBE_FAILURE_LENGTH = 200;

type BusListener = (payload: unknown) => void;

// What may wait in the channel for a keeper that does not read: sixteen messages of the greatest size.
const MAX_WAITING_BYTES = 1024 * 1024;

// A heartbeat as JSON, and the metrics text is counted by itself.
const STATUS_BYTES = 1_000;

// Its port is free from that moment on and nobody will take over, so this is for answers that are nearly done.
const ORPHAN_TIMEOUT_MS: Milliseconds = 5 * SECOND;
const ORPHAN_IDLE_GRACE_MS: Milliseconds = 200;

const NO_GUARD: SnapshotAnswer = { outcome: 'refused', reason: 'this worker runs without a guard' };

/** The link of a worker that a keeper started. */
export class ManagedLink implements WorkerLink {
  readonly managed = true;
  readonly workerId: string;
  readonly #traffic = new Traffic();
  readonly #sender = new BoundedSender<WorkerMessage>(sendToKeeper, MAX_WAITING_BYTES);
  readonly #busListeners = new Map<string, Set<BusListener>>();
  readonly #pressureListeners: ((pressure: PressureNotice) => void)[] = [];
  readonly #departure: Departure;
  #renderMetrics: () => string = () => '';
  #takeSnapshot: TakeSnapshot = () => Promise.resolve(NO_GUARD);

  constructor(workerId: string) {
    this.workerId = workerId;
    this.#departure = new Departure(this.#traffic, {
      examined: (summary) => this.#sender.send({ type: 'autopsy', summary }),
      left: (requestsCut) => this.#sender.send({ type: 'drained', requestsCut }, () => process.exit(0)),
    });
    if (process.env[STICKY_ENV] !== undefined) {
      joinStickySessions((session) => sendToKeeper(sessionMessage(session), () => {}));
    }
    process.on('message', (raw) => this.#receive(raw));
    // A terminal and systemd signal the keeper's whole group. The keeper decides when a worker goes; a SIGTERM that
    // is meant for this one is taken as the wish to replace it.
    process.on('SIGINT', () => {});
    process.on('SIGHUP', () => {});
    process.on('SIGTERM', () => this.#sender.send({ type: 'replace-me', reason: 'SIGTERM' }));
    // Before node:cluster, which would exit at once.
    process.prependOnceListener('disconnect', () => this.#loseKeeper());
  }

  ready(info: Readonly<Record<string, unknown>> = {}): void {
    // A turn later, so that node:cluster's own word about the address has gone first.
    setImmediate(() => this.#sender.send({ type: 'ready', info }));
  }

  failed(failure: { readonly code: string; readonly message: string }): void {
    this.#sender.send({ type: 'failed', ...cutFailure(failure) });
  }

  attention(matter: { readonly code: string; readonly message: string }): void {
    this.#sender.offer({ type: 'attention', ...cutFailure(matter) }, STATUS_BYTES);
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
    this.#departure.onDrain(listener);
  }

  onMetrics(render: () => string): void {
    this.#renderMetrics = render;
  }

  onAutopsy(examine: Examine): void {
    this.#departure.onAutopsy(examine);
  }

  onPressure(listener: (pressure: PressureNotice) => void): void {
    this.#pressureListeners.push(listener);
  }

  onSnapshot(take: TakeSnapshot): void {
    this.#takeSnapshot = take;
  }

  #receive(raw: unknown): void {
    const message = readKeeperMessage(raw);
    switch (message?.type) {
      case 'drain':
        this.#departure.order(message);
        break;
      case 'bus':
        this.#deliver(message);
        break;
      case 'probe':
        void this.#probe(message);
        break;
      case 'ask-metrics':
        this.#answerMetrics(message.id);
        break;
      case 'ask-snapshot':
        void this.#answerSnapshot(message.id, message.folder);
        break;
      case 'pressure':
        for (const listener of this.#pressureListeners) listener(message);
        break;
    }
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

  async #probe(question: ProbeQuestion): Promise<void> {
    // Loaded once in a worker's life, after it says that it is ready.
    const { probeOwnServer } = await import('./probe/probe-own-server.ts');
    const failure = await probeOwnServer(this.#traffic.servers, question);
    this.#sender.send({ type: 'probed', failure: failure?.slice(0, PROBE_FAILURE_LENGTH) ?? null });
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

  async #answerSnapshot(id: number, folder: string): Promise<void> {
    this.#sender.send({ type: 'snapshot', id, answer: cutAnswer(await this.#snapshotAnswer(folder)) });
  }

  async #snapshotAnswer(folder: string): Promise<SnapshotAnswer> {
    try {
      return await this.#takeSnapshot(folder);
    } catch (error) {
      return { outcome: 'failed', reason: String(error) };
    }
  }

  /** The keeper was killed: what is under way gets its answer where it can. */
  #loseKeeper(): void {
    // Set is a wish of ours, so node:cluster lets the process live.
    if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;
    this.#departure.order({
      reason: 'keeper-gone',
      idleGraceMs: ORPHAN_IDLE_GRACE_MS,
      timeoutMs: ORPHAN_TIMEOUT_MS,
      autopsy: false,
    });
  }
}

function sendToKeeper(message: object, callback: (error: Error | null) => void): void {
  process.send?.(message, undefined, undefined, callback);
}

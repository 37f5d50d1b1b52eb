import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from '@maque/kit';
import type { Answer } from '../../load/answer-reader.ts';
import { Connection } from '../../load/connection.ts';
import { Metronome } from '../../load/metronome.ts';
import { seededRandom } from '../../load/random.ts';
import { SocketCrowd } from './socket-crowd.ts';
import { type HarmfulShare, PATIENCE_MS, type TrafficPlan, type TrafficWindow } from './traffic-plan.ts';
import { type FirstAnswers, TrafficRecorder } from './traffic-recorder.ts';

interface SentRequest {
  readonly path: string;
  /** What the answer must have in it. */
  readonly mustContain: string;
  readonly dueAt: Milliseconds;
}

/** Several requests are sent at each beat when the rate is high. */
const BEAT_MS: Milliseconds = 2;
/** How often requests without an answer are looked for; a time limit is late by this at most. */
const TIMEOUT_CHECK_MS: Milliseconds = 50;
/** Requests that wait for a connection at most; reached only when a service is gone for minutes. */
const MAX_WAITING = 100_000;
const ITEMS = 10_000;

/** A number of users that call the service at a rate which may be changed on the way. */
export class Traffic {
  readonly #host: string;
  readonly #connections: readonly Connection<SentRequest>[];
  readonly #sockets: SocketCrowd;
  readonly #metronome: Metronome;
  readonly #timeoutCheck: ReturnType<typeof setInterval>;
  readonly #firstAnswers: FirstAnswers = new Map();
  readonly #random = seededRandom(1);
  /** When the requests that wait for a connection were due. */
  readonly #waiting: Milliseconds[] = [];
  #recorder = new TrafficRecorder(this.#firstAnswers);
  #requestsPerSecond: number | null;
  #harm: HarmfulShare | null = null;
  #nextDueAt = performance.now();
  #nextConnection = 0;
  #stopping = false;

  constructor({ target, connections, requestsPerSecond, webSockets }: TrafficPlan) {
    this.#host = `${target.host}:${target.port}`;
    this.#requestsPerSecond = requestsPerSecond;
    this.#connections = Array.from({ length: connections }, () => this.#connect(target));
    this.#sockets = new SocketCrowd(`ws://${this.#host}/live`, webSockets);
    this.#metronome = new Metronome(performance.now(), BEAT_MS, () => this.#sendDue());
    this.#timeoutCheck = setInterval(() => {
      const now = performance.now();
      for (const connection of this.#connections) connection.checkTimeout(now);
    }, TIMEOUT_CHECK_MS);
  }

  setRate(requestsPerSecond: number | null): void {
    this.#requestsPerSecond = requestsPerSecond;
    this.#nextDueAt = performance.now();
    if (requestsPerSecond === null) for (const connection of this.#connections) this.#onFree(connection);
  }

  setHarm(harm: HarmfulShare | null): void {
    this.#harm = harm;
  }

  startWindow(): void {
    this.#recorder = new TrafficRecorder(this.#firstAnswers);
    this.#sockets.startWindow();
  }

  /** Ends the window and begins the next, so that no request falls between two. */
  endWindow(): TrafficWindow {
    const now = performance.now();
    this.#recorder.notSent(this.#waiting.filter((dueAt) => now - dueAt > PATIENCE_MS).length);
    const window = { ...this.#recorder.end(), sockets: this.#sockets.counts() };
    this.startWindow();
    return window;
  }

  /** Sends nothing new, waits for what is outstanding, and closes. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#sockets.stop();
    await this.#metronome.stop();
    while (this.#connections.some(({ load }) => load > 0 && Number.isFinite(load))) await sleep(5);
    clearInterval(this.#timeoutCheck);
    for (const connection of this.#connections) connection.close();
  }

  #connect(target: TrafficPlan['target']): Connection<SentRequest> {
    const connection: Connection<SentRequest> = new Connection<SentRequest>(
      target,
      { timeoutMs: PATIENCE_MS },
      {
        onOpen: () => this.#onFree(connection),
        onRefused: () => this.#recorder.refused(),
        onLoss: ({ path, dueAt }, reason) => this.#recorder.failed(path, reason, dueAt),
        onAnswer: (sent, answer) => {
          this.#judge(sent, answer);
          this.#onFree(connection);
        },
      },
    );
    return connection;
  }

  #judge({ path, mustContain, dueAt }: SentRequest, { status, head, body }: Answer): void {
    const worker = headerIn(head, 'x-worker');
    const release = headerIn(head, 'x-release');
    const isRight = status === 200 && worker !== undefined && body.includes(mustContain);
    if (isRight) this.#recorder.answered(worker, release ?? '', dueAt);
    else this.#recorder.failed(path, 'wrong-answer', dueAt, status);
  }

  #sendDue(): void {
    const now = performance.now();
    const rate = this.#requestsPerSecond;
    if (rate === null) return;
    for (; this.#nextDueAt <= now && !this.#stopping; this.#nextDueAt += 1_000 / rate) {
      const connection = this.#freeConnection();
      if (connection !== undefined) this.#send(connection, this.#nextDueAt);
      else if (this.#waiting.length < MAX_WAITING) this.#waiting.push(this.#nextDueAt);
      else this.#recorder.notSent(1);
    }
  }

  #onFree(connection: Connection<SentRequest>): void {
    if (this.#stopping || connection.load > 0) return;
    const dueAt = this.#waiting.shift() ?? (this.#requestsPerSecond === null ? performance.now() : undefined);
    if (dueAt !== undefined) this.#send(connection, dueAt);
  }

  #send(connection: Connection<SentRequest>, dueAt: Milliseconds): void {
    this.#recorder.sentLate(performance.now() - dueAt);
    const isHarmful = this.#harm !== null && this.#random() < this.#harm.share;
    const item = Math.floor(this.#random() * ITEMS);
    const path = isHarmful ? (this.#harm?.path ?? '') : `/items/${item}`;
    const mustContain = isHarmful ? '{' : `"item":${item},`;
    const head = `${isHarmful ? 'POST' : 'GET'} ${path} HTTP/1.1\r\nHost: ${this.#host}\r\n`;
    connection.send({ path, mustContain, dueAt }, `${head}${isHarmful ? 'Content-Length: 0\r\n' : ''}\r\n`);
  }

  /** The next one in turn that has nothing outstanding. */
  #freeConnection(): Connection<SentRequest> | undefined {
    for (let tried = 0; tried < this.#connections.length; tried += 1) {
      const connection = this.#connections[this.#nextConnection];
      this.#nextConnection = (this.#nextConnection + 1) % this.#connections.length;
      if (connection?.load === 0) return connection;
    }
    return undefined;
  }
}

function headerIn(head: string, name: string): string | undefined {
  const start = head.indexOf(`\r\n${name}: `);
  if (start === -1) return undefined;
  const valueStart = start + name.length + 4;
  const end = head.indexOf('\r\n', valueStart);
  return head.slice(valueStart, end === -1 ? undefined : end);
}

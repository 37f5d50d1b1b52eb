import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Milliseconds } from '@maque/kit';
import { type Answer, AnswerReader, closesConnection } from './answer-reader.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
  /** By TLS, to a server of this name, whose certificate nobody has signed. */
  readonly servername?: string;
  /** Where the connection comes from, for servers that count by address. */
  readonly localAddress?: string;
}

/** What became of a request that got no answer. */
export type LossReason = 'connection-lost' | 'timeout' | 'malformed-answer';

export interface ConnectionEvents<Request> {
  onAnswer(request: Request, answer: Answer): void;
  /** The connection ended with this request unanswered. */
  onLoss(request: Request, reason: LossReason): void;
  /** The connection is open and nothing is outstanding on it, for the first time or after a reconnect. */
  onOpen(): void;
  /** A connection could not be made; it is tried again by itself. */
  onRefused(): void;
}

export interface ConnectionOptions {
  /** A request without an answer for this long is lost, and its connection with it. */
  readonly timeoutMs: Milliseconds;
}

/** One read of this size takes any answer of the mix whole; the buffer is reused, so reading allocates nothing. */
const READ_BUFFER_BYTES = 64 * 1024;
/** A refused connection is tried again after this; short, since the fault runs measure when a server is back. */
const RECONNECT_DELAY_MS = 10;

/** A keep-alive connection on a raw socket that opens itself again until it is closed. */
export class Connection<Request> {
  readonly #target: Target;
  readonly #options: ConnectionOptions;
  readonly #events: ConnectionEvents<Request>;
  readonly #outstanding: Request[] = [];
  #socket: Socket | undefined;
  #open = false;
  #closed = false;
  #lastProgressAt = 0;

  constructor(target: Target, options: ConnectionOptions, events: ConnectionEvents<Request>) {
    this.#target = target;
    this.#options = options;
    this.#events = events;
    this.#connect();
  }

  /** Requests sent and not answered; Infinity while the connection cannot take any. */
  get load(): number {
    return this.#open ? this.#outstanding.length : Number.POSITIVE_INFINITY;
  }

  /** Sends a request. Call only while `load` is finite. */
  send(request: Request, bytes: string | Buffer): void {
    if (this.#outstanding.length === 0) this.#lastProgressAt = performance.now();
    this.#outstanding.push(request);
    this.#socket?.write(bytes as string, 'latin1');
  }

  /** Gives up the connection when its oldest request waits longer than the time limit. */
  checkTimeout(now: number): void {
    if (this.#outstanding.length > 0 && now - this.#lastProgressAt > this.#options.timeoutMs)
      this.#lose('timeout');
  }

  close(): void {
    this.#closed = true;
    this.#lose('connection-lost');
  }

  #connect(): void {
    const reader = new AnswerReader();
    const buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
    const callback = (bytes: number): boolean => {
      this.#read(socket, reader, buffer.subarray(0, bytes));
      return true;
    };
    const how = { ...this.#target, noDelay: true, onread: { buffer, callback } };
    const isTls = this.#target.servername !== undefined;
    const socket = isTls ? connectTls({ ...how, rejectUnauthorized: false }) : connect(how);
    this.#socket = socket;
    socket.on(isTls ? 'secureConnect' : 'connect', () => {
      this.#open = true;
      this.#events.onOpen();
    });
    // 'close' follows each error and says the same; the reason matters only while connecting.
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this.#socket === socket) this.#lose('connection-lost');
    });
  }

  #read(socket: Socket, reader: AnswerReader, bytes: Buffer): void {
    if (this.#socket !== socket) return;
    try {
      reader.read(bytes, (answer) => this.#answered(answer));
    } catch {
      this.#lose('malformed-answer');
    }
  }

  #answered(answer: Answer): void {
    const request = this.#outstanding.shift();
    if (request === undefined) throw new Error('an answer to no request');
    this.#lastProgressAt = performance.now();
    if (closesConnection(answer)) this.#open = false;
    this.#events.onAnswer(request, answer);
    if (!this.#open && this.#outstanding.length === 0) this.#reopen(0);
  }

  #lose(reason: LossReason): void {
    const wasOpen = this.#open;
    this.#open = false;
    const lost = this.#outstanding.splice(0);
    for (const request of lost) this.#events.onLoss(request, reason);
    if (!wasOpen && lost.length === 0 && !this.#closed) this.#events.onRefused();
    this.#reopen(wasOpen ? 0 : RECONNECT_DELAY_MS);
  }

  #reopen(delayMs: Milliseconds): void {
    this.#socket?.destroy();
    this.#socket = undefined;
    if (this.#closed) return;
    if (delayMs === 0) this.#connect();
    else setTimeout(() => this.#closed || this.#connect(), delayMs).unref();
  }
}

import type { Socket } from 'node:net';
import type { Milliseconds } from '@maque/kit';
import { isCloseFrame, RESTART_FRAME } from './close-frame.ts';

// What a client gets for its close frame, and after that for its FIN: a phone on a bad network answers within a second.
export const ANSWER_MS: Milliseconds = 2_000;
const LAST_ANSWER_MS: Milliseconds = 1_000;

// Whoever pipes bytes into a connection (a proxy) writes frames in pieces. The pieces of one follow each other; after
// this long without any, the last one was the end of a frame.
const BETWEEN_FRAMES_MS: Milliseconds = 500;

/** `write` and `end` of a stream: a chunk, its encoding and a callback, of which all may be left out. */
interface LooseSocket {
  write(...args: unknown[]): boolean;
  end(...args: unknown[]): unknown;
}

/**
 * A WebSocket of any library, seen from its TCP or TLS connection only, and closed there.
 *
 * The close frame goes between two frames, since libraries write each frame in one turn: control frames may come between
 * the parts of a message (RFC 6455, 5.4), compressed or not, and what waits in the socket goes first. After it the
 * library is heard no more: Chrome takes any frame after a close frame for a fault and reports 1006 to the page. The
 * library still sees the client's answer and ends the connection, as it would have done by itself.
 */
export class WebSocketConnection {
  readonly #socket: Socket;
  readonly #bytesBefore: number;
  #bytes = 0;
  #bytesSinceMs: Milliseconds = 0;
  #isLeaving = false;
  #isTold = false;
  #isMuted = false;
  #isEnding = false;
  /** When the close frame, and the FIN, had left the process's own buffers. */
  #toldMs = Number.POSITIVE_INFINITY;
  #endedMs = Number.POSITIVE_INFINITY;

  /** @param socket as it comes with `upgrade`: the app has not answered yet. */
  constructor(socket: Socket) {
    this.#socket = socket;
    this.#bytesBefore = socket.bytesWritten;
  }

  /** Whether a close frame has been written, by the app or here. */
  get isTold(): boolean {
    return this.#isTold;
  }

  /** Watches from now on whether the app closes it. */
  prepareToLeave(): void {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    const socket: LooseSocket = this.#socket;
    const { write, end } = socket;
    socket.write = (...args) => {
      if (this.#isMuted) return pretend(args);
      if (isCloseFrame(args[0])) this.#tell();
      return Reflect.apply(write, socket, args);
    };
    socket.end = (...args) => Reflect.apply(end, socket, this.#isMuted ? args.filter(isFunction) : args);
  }

  /** Writes the close frame, unless it is too early for one or too late. */
  close(nowMs: Milliseconds): void {
    if (!this.#isTold && this.#isOpen() && this.#isBetweenFrames(nowMs)) this.#sayGoodbye();
  }

  /** Ends the connection when the client has had its time to answer. */
  follow(nowMs: Milliseconds): void {
    if (nowMs - this.#toldMs >= ANSWER_MS) this.#end();
    if (nowMs - this.#endedMs >= LAST_ANSWER_MS) this.#socket.destroy();
  }

  /** The end, whatever is under way: the frame all the same if it has not been written, then FIN. */
  cut(): void {
    if (!this.#isTold && this.#isOpen()) this.#sayGoodbye();
    this.#end();
  }

  /** Whether the app has accepted the upgrade, and nobody has ended it since. */
  #isOpen(): boolean {
    return this.#socket.writable && this.#socket.bytesWritten > this.#bytesBefore;
  }

  #isBetweenFrames(nowMs: Milliseconds): boolean {
    // `pipe` leaves this listener with the stream that it writes to.
    if (this.#socket.listenerCount('unpipe') === 0) return true;
    if (this.#socket.bytesWritten !== this.#bytes) {
      this.#bytes = this.#socket.bytesWritten;
      this.#bytesSinceMs = nowMs;
    }
    return nowMs - this.#bytesSinceMs >= BETWEEN_FRAMES_MS;
  }

  #sayGoodbye(): void {
    this.#isTold = true;
    this.#socket.write(RESTART_FRAME, () => {
      this.#toldMs = performance.now();
    });
    this.#isMuted = true;
  }

  /** The app closes it itself. */
  #tell(): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#toldMs = performance.now();
  }

  #end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#socket.end(() => {
      this.#endedMs = performance.now();
    });
  }
}

/** What a write of a library comes to after the close frame: as if it had been sent. */
function pretend(args: readonly unknown[]): boolean {
  const sent = args.find(isFunction);
  if (sent !== undefined) process.nextTick(sent);
  return true;
}

function isFunction(value: unknown): value is () => void {
  return typeof value === 'function';
}

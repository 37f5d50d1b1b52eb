import type { Bytes } from '@maque/kit';
import { type KeeperMessage, type WorkerMessage, wrap } from './messages.ts';

/** `process.send` of a worker, or `send` of a child process: the callback comes when the message has left. */
export type RawSend = (message: object, callback: (error: Error | null) => void) => unknown;

/**
 * One direction of an IPC channel. Node queues without a bound what the other side does not read (a blocked worker, a
 * stopped keeper), so messages that may be lost are only sent while little waits.
 */
export class BoundedSender<Message extends WorkerMessage | KeeperMessage> {
  readonly #send: RawSend;
  readonly #maxWaiting: Bytes;
  #waiting: Bytes = 0;
  #dropped = 0;

  constructor(send: RawSend, maxWaiting: Bytes) {
    this.#send = send;
    this.#maxWaiting = maxWaiting;
  }

  /** Messages that were not sent for want of room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Sends what must arrive; the caller sends few of them. `sent` is called when it has left, or cannot. */
  send(message: Message, sent: () => void = () => {}): void {
    this.#send(wrap(message), sent);
  }

  /** Sends what may be lost; false when it was. @param size about what it weighs. */
  offer(message: Message, size: Bytes): boolean {
    if (this.#waiting + size > this.#maxWaiting) {
      this.#dropped += 1;
      return false;
    }
    this.#waiting += size;
    this.#send(wrap(message), () => {
      this.#waiting -= size;
    });
    return true;
  }
}

import { type Bytes, KiB } from '@maque/kit';
import type { MessageBus, MessageListener } from '../../ports/message-bus.ts';

// What the keeper passes on between workers; the same bound everywhere, so that one worker finds out too.
const MAX_MESSAGE: Bytes = 64 * KiB;

/** Told what a listener threw; the other listeners are called all the same. */
export type ListenerFault = (error: unknown, channel: string) => void;

/** The bus of one process: a notice reaches its listeners before `publish` returns. */
export class LocalMessageBus implements MessageBus {
  readonly #channels = new Map<string, Set<{ readonly listener: MessageListener }>>();
  readonly #onFault: ListenerFault;

  constructor(onFault: ListenerFault) {
    this.#onFault = onFault;
  }

  publish(channel: string, payload: unknown): void {
    const body = JSON.stringify(payload) ?? 'null';
    const bytes = Buffer.byteLength(body);
    if (bytes > MAX_MESSAGE) throw new RangeError(`a message is ${bytes} bytes; ${MAX_MESSAGE} are allowed`);
    // Each gets the copy that another process would get.
    this.deliver(channel, JSON.parse(body));
  }

  subscribe(channel: string, listener: MessageListener): () => void {
    const listeners = this.#channels.get(channel) ?? new Set();
    this.#channels.set(channel, listeners);
    // An entry of its own, so that a listener that was added twice is removed once.
    const entry = { listener };
    listeners.add(entry);
    return () => {
      listeners.delete(entry);
      if (listeners.size === 0) this.#channels.delete(channel);
    };
  }

  /** Hands a payload to the listeners of this process. */
  deliver(channel: string, payload: unknown): void {
    for (const { listener } of [...(this.#channels.get(channel) ?? [])]) {
      try {
        listener(payload);
      } catch (error) {
        this.#onFault(error, channel);
      }
    }
  }

  hasListeners(channel: string): boolean {
    return this.#channels.has(channel);
  }
}

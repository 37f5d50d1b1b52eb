export type MessageListener = (payload: unknown) => void;

/**
 * Small notices between the workers of one server: "this collection changed", "this session is revoked".
 * Delivered at most once, in order from each sender, to the listeners of every worker, the sender's included.
 * A notice may be lost when a worker dies, so nothing may depend on it for longer than a time limit of its own.
 */
export interface MessageBus {
  /** @param payload plain JSON, at most 64 KiB as text. @throws RangeError when it is larger. */
  publish(channel: string, payload: unknown): void;
  /** Listens until the returned function is called. A listener that throws does not disturb the others. */
  subscribe(channel: string, listener: MessageListener): () => void;
}

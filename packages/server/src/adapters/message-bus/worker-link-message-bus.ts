import type { MessageBus, MessageListener } from '../../ports/message-bus.ts';
import { type ListenerFault, LocalMessageBus } from './local-message-bus.ts';

/** The part of the keeper's worker link that a bus needs. */
export interface BusLink {
  /** To every other worker. */
  publish(channel: string, payload: unknown): void;
  subscribe(channel: string, listener: MessageListener): () => void;
}

/** The bus between the workers of one keeper; without a keeper the link does nothing and this worker is all there is. */
export function createWorkerLinkMessageBus(link: BusLink, onFault: ListenerFault): MessageBus {
  const local = new LocalMessageBus(onFault);
  const links = new Map<string, () => void>();
  return {
    publish(channel, payload) {
      local.publish(channel, payload);
      link.publish(channel, payload);
    },
    subscribe(channel, listener) {
      const unsubscribe = local.subscribe(channel, listener);
      if (!links.has(channel)) {
        links.set(
          channel,
          link.subscribe(channel, (payload) => local.deliver(channel, payload)),
        );
      }
      return () => {
        unsubscribe();
        if (local.hasListeners(channel)) return;
        links.get(channel)?.();
        links.delete(channel);
      };
    },
  };
}

import type { EventEmitter } from 'node:events';

/**
 * Hears an event of an emitter, before everybody else, while the app hears it too, and never alone: that somebody
 * listens can change what happens (`node:http` takes a request for an upgrade only then).
 */
export function listenBeside(
  emitter: EventEmitter,
  event: string,
  listener: (...args: never[]) => void,
): void {
  const ours = listener as (...args: unknown[]) => void;
  const follow = () => {
    const all = emitter.listeners(event);
    const listens = all.includes(ours);
    const others = all.length - Number(listens);
    if (others > 0 && !listens) emitter.prependListener(event, ours);
    if (others === 0 && listens) emitter.off(event, ours);
  };
  follow();
  emitter.on('removeListener', (name) => name === event && follow());
  // It is told before the new one is in the list.
  emitter.on('newListener', (name, added) => {
    if (name === event && added !== ours && !emitter.listeners(event).includes(ours)) {
      emitter.prependListener(event, ours);
    }
  });
}

import { describeMessageBus } from '@maque/testkit/conformance/message-bus-conformance';
import { LocalMessageBus } from './local-message-bus.ts';
import { type BusLink, createWorkerLinkMessageBus } from './worker-link-message-bus.ts';

describeMessageBus('local', async () => {
  const faults: unknown[] = [];
  return { buses: [new LocalMessageBus((error) => faults.push(error))], faults, settle: async () => {} };
});

/** What a keeper does between its workers: each message goes as JSON to every other one, a turn later. */
function linkWorkers(count: number): readonly BusLink[] {
  const workers = Array.from({ length: count }, () => new Map<string, (payload: unknown) => void>());
  return workers.map((self) => ({
    publish(channel, payload) {
      const body = JSON.stringify(payload);
      setImmediate(() => {
        for (const worker of workers) if (worker !== self) worker.get(channel)?.(JSON.parse(body));
      });
    },
    subscribe(channel, listener) {
      self.set(channel, listener);
      return () => self.delete(channel);
    },
  }));
}

describeMessageBus('worker link', async () => {
  const faults: unknown[] = [];
  const [first, ...others] = linkWorkers(3).map((link) =>
    createWorkerLinkMessageBus(link, (error) => faults.push(error)),
  );
  if (first === undefined) throw new Error('no worker');
  return { buses: [first, ...others], faults, settle: () => new Promise((resolve) => setImmediate(resolve)) };
});

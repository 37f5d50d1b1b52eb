import type { MessageBus } from '@maque/server/ports';
import { beforeEach, describe, expect, it } from 'vitest';

/** Buses of one server, one for each worker, and what their listeners threw. */
export interface MessageBusesUnderTest {
  readonly buses: readonly [MessageBus, ...MessageBus[]];
  readonly faults: readonly unknown[];
  /** Resolves when what was published has arrived. */
  settle(): Promise<void>;
}

/** What every adapter of the bus port keeps to. */
export function describeMessageBus(name: string, create: () => Promise<MessageBusesUnderTest>): void {
  describe(`${name} as a MessageBus`, () => {
    let subject: MessageBusesUnderTest;
    let heard: string[];

    beforeEach(async () => {
      subject = await create();
      heard = [];
    });

    const listenAll = (channel: string) =>
      subject.buses.map((bus, worker) =>
        bus.subscribe(channel, (payload) => heard.push(`${worker}:${JSON.stringify(payload)}`)),
      );

    it('reaches each worker once, the sender too, in order', async () => {
      listenAll('changed');
      subject.buses[0].publish('changed', { n: 1 });
      subject.buses[0].publish('changed', { n: 2 });
      await subject.settle();
      const expected = subject.buses.flatMap((_, worker) => [`${worker}:{"n":1}`, `${worker}:{"n":2}`]);
      expect(heard.toSorted()).toEqual(expected.toSorted());
      expect(heard.filter((line) => line.startsWith('0:'))).toEqual(['0:{"n":1}', '0:{"n":2}']);
    });

    it('keeps channels apart and stops when told', async () => {
      const stops = listenAll('a');
      subject.buses[0].publish('b', 1);
      for (const stop of stops) stop();
      subject.buses[0].publish('a', 1);
      await subject.settle();
      expect(heard).toEqual([]);
    });

    it('calls the other listeners when one throws', async () => {
      for (const bus of subject.buses) {
        bus.subscribe('x', () => {
          throw new Error('broken listener');
        });
      }
      listenAll('x');
      subject.buses[0].publish('x', null);
      await subject.settle();
      expect(heard).toHaveLength(subject.buses.length);
      expect(subject.faults).toHaveLength(subject.buses.length);
    });

    it('shares no object between sender and listeners', async () => {
      const payload = { list: [1] };
      subject.buses[0].subscribe('x', (received) => (received as typeof payload).list.push(2));
      subject.buses[0].publish('x', payload);
      await subject.settle();
      expect(payload).toEqual({ list: [1] });
    });

    it('refuses what exceeds 64 KiB', () => {
      listenAll('x');
      expect(() => subject.buses[0].publish('x', '茶'.repeat(30_000))).toThrow(RangeError);
      expect(heard).toEqual([]);
    });
  });
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedSender } from './bounded-sender.ts';
import {
  BUS_MESSAGE_LIMIT,
  readKeeperMessage,
  readWorkerMessage,
  type WorkerMessage,
  wrap,
} from './messages.ts';

describe('messages between keeper and worker', () => {
  it('arrive as they were sent', () => {
    const drain = { type: 'drain', reason: 'recycle', idleGraceMs: 1, timeoutMs: 2 } as const;
    expect(readKeeperMessage(wrap(drain))).toEqual(drain);
    const bus = { type: 'bus', channel: 'news', body: '{"a":1}' } as const;
    expect(readWorkerMessage(wrap(bus))).toEqual(bus);
  });

  it.each([
    [null],
    ['ready'],
    [{ type: 'ready' }],
    [{ maque: 2, type: 'ready' }],
    [{ maque: 1, type: 'from-the-future' }],
    [{ maque: 1, type: 'bus', channel: 'news', body: 'x'.repeat(BUS_MESSAGE_LIMIT + 1) }],
    [{ maque: 1, type: 'metrics', id: 'one', text: '' }],
    [{ cmd: 'NODE_CLUSTER', act: 'online' }],
  ])('%j is ignored', (raw) => {
    expect(readWorkerMessage(raw)).toBeUndefined();
  });

  it('never break whoever reads them', () => {
    fc.assert(
      fc.property(fc.anything(), fc.string(), (content, type) => {
        const fields = typeof content === 'object' ? content : { content };
        readWorkerMessage({ ...fields, maque: 1, type });
        readKeeperMessage({ ...fields, maque: 1, type });
      }),
    );
  });
});

describe('a sender', () => {
  it('holds back what may be lost while the other side does not read', () => {
    const sent: object[] = [];
    const leave: (() => void)[] = [];
    const sender = new BoundedSender<WorkerMessage>((message, left) => {
      sent.push(message);
      leave.push(() => left(null));
    }, 100);
    const notice = { type: 'bus', channel: 'news', body: '' } as const;
    expect([sender.offer(notice, 60), sender.offer(notice, 60)]).toEqual([true, false]);
    sender.send({ type: 'drained', requestsCut: 0 });
    expect([sent.length, sender.dropped]).toEqual([2, 1]);
    for (const left of leave) left();
    expect(sender.offer(notice, 60)).toBe(true);
  });
});

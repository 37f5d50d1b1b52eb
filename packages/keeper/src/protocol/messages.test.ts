import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedSender } from './bounded-sender.ts';
import {
  BUS_MESSAGE_LIMIT,
  type KeeperMessage,
  readKeeperMessage,
  readWorkerMessage,
  type WorkerMessage,
  wrap,
} from './messages.ts';

describe('messages between keeper and worker', () => {
  it('arrive as they were sent', () => {
    const drain = { type: 'drain', reason: 'leak', idleGraceMs: 1, timeoutMs: 2, autopsy: true } as const;
    const bus = { type: 'bus', channel: 'news', body: '{"a":1}' } as const;
    const pressure = { type: 'pressure', level: 'elevated', reasons: ['BOX_SHORT'] } as const;
    const toWorker = [
      drain,
      bus,
      pressure,
      { type: 'probe', path: '/healthz' },
      { type: 'probe', path: null },
    ];
    for (const message of [...toWorker, { type: 'ask-snapshot', id: 1, folder: '/data' }] as const) {
      expect(readKeeperMessage(wrap(message as KeeperMessage))).toEqual(message);
    }
    const written = { type: 'snapshot', id: 1, answer: { outcome: 'written', path: '/data/1', bytes: 7 } };
    const refused = { type: 'snapshot', id: 1, answer: { outcome: 'refused', reason: 'no room' } };
    const autopsy = { type: 'autopsy', summary: { pool: 'heap' } };
    for (const message of [bus, written, refused, autopsy, { type: 'probed', failure: null }]) {
      expect(readWorkerMessage(wrap(message as WorkerMessage))).toEqual(message);
    }
  });

  it.each([
    [null],
    ['ready'],
    [{ type: 'ready' }],
    [{ maque: 2, type: 'ready' }],
    [{ maque: 1, type: 'from-the-future' }],
    [{ maque: 1, type: 'bus', channel: 'news', body: 'x'.repeat(BUS_MESSAGE_LIMIT + 1) }],
    [{ maque: 1, type: 'metrics', id: 'one', text: '' }],
    [{ maque: 1, type: 'autopsy', summary: { text: 'x'.repeat(20_000) } }],
    [{ maque: 1, type: 'snapshot', id: 1, answer: { outcome: 'written', path: '/' } }],
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

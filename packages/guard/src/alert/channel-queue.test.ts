import { createManualClock, HOUR, MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { alertMessage } from '../../fixtures/alert-message.ts';
import { alertErrors } from './alert-errors.ts';
import type { AlertMessage } from './alert-message.ts';
import { ChannelQueue, type DeliveryReport } from './channel-queue.ts';

const data = { channel: 'wecom', reason: 'a test' };
const faults = {
  down: () => alertErrors.ALERT_UNREACHABLE({ data }),
  limited: () => alertErrors.ALERT_RATE_LIMITED({ data, retryAfterSeconds: 600 }),
  refused: () => alertErrors.ALERT_REFUSED({ data }),
  broken: () => new TypeError('a bug'),
};
type FaultName = keyof typeof faults;

/** A queue whose channel fails as told, and time that only moves when told. */
function queueWith(plan: FaultName[] = []) {
  const clock = createManualClock();
  const timers = new Set<{ atMs: number; callback: () => void }>();
  const sent: { atMs: number; message: AlertMessage }[] = [];
  const tries: number[] = [];
  const reports: DeliveryReport[] = [];
  const queue = new ChannelQueue({
    channel: {
      name: 'wecom',
      limits: [{ count: 15, windowMs: MINUTE }],
      async send(message) {
        tries.push(clock.monotonic());
        const fault = plan.shift();
        if (fault !== undefined) throw faults[fault]();
        sent.push({ atMs: clock.monotonic(), message });
      },
    },
    clock,
    schedule(callback, delayMs) {
      const timer = { atMs: clock.monotonic() + delayMs, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    random: () => 1,
    onDelivery: (report) => void reports.push(report),
    describeLost: (count) => `lost: ${count}`,
  });
  return {
    queue,
    sent,
    tries,
    reports,
    timers,
    /** Lets time pass, timer by timer. */
    async pass(ms: Milliseconds) {
      const endMs = clock.monotonic() + ms;
      await settled();
      for (;;) {
        const [next] = [...timers].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
        if (next === undefined) break;
        timers.delete(next);
        clock.advance(Math.max(0, next.atMs - clock.monotonic()));
        next.callback();
        await settled();
      }
      clock.advance(endMs - clock.monotonic());
    },
  };
}

/** Everything that waits for a promise has had its turn. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('sends in order, fifteen a minute', async () => {
  const { queue, sent, pass } = queueWith();
  for (let index = 0; index < 40; index += 1) queue.add(alertMessage({ id: String(index) }));
  await pass(59 * SECOND);
  expect(sent).toHaveLength(15);
  await pass(2 * MINUTE);
  expect(sent.map(({ message }) => message.id)).toEqual(
    Array.from({ length: 40 }, (_, index) => String(index)),
  );
});

it('tries again, later and later, until it works', async () => {
  const { queue, sent, tries, pass } = queueWith(['down', 'down', 'down', 'down']);
  queue.add(alertMessage());
  await pass(MINUTE);
  expect(tries).toEqual([0, 2 * SECOND, 6 * SECOND, 14 * SECOND, 30 * SECOND]);
  expect(sent).toHaveLength(1);
  expect(queue.state()).toMatchObject({ sent: 1, failures: 4, lost: 0, queued: 0 });
});

it('keeps away for as long as a limit asks', async () => {
  const { queue, tries, pass } = queueWith(['limited']);
  queue.add(alertMessage());
  await pass(HOUR);
  expect(tries).toEqual([0, 10 * MINUTE]);
});

it.each<FaultName>(['refused', 'broken'])(
  'gives up at once what is %s, and goes on with the next',
  async (fault) => {
    const { queue, sent, reports, pass } = queueWith([fault]);
    queue.add(alertMessage({ id: 'first' }));
    queue.add(alertMessage({ id: 'second' }));
    await pass(SECOND);
    expect(reports.map(({ message, outcome }) => `${message.id} ${outcome}`)).toEqual([
      'first lost',
      'second sent',
    ]);
    expect(sent[0]?.message.text).toMatch(/\nlost: 1$/);
    queue.add(alertMessage());
    await pass(SECOND);
    expect(sent[1]?.message.text).not.toContain('lost');
  },
);

it('gives up after an hour, or twenty tries', async () => {
  const { queue, tries, reports, pass } = queueWith(Array(100).fill('down'));
  queue.add(alertMessage());
  await pass(3 * HOUR);
  expect(tries.length).toBeLessThanOrEqual(20);
  expect(reports.map(({ outcome }) => outcome)).toEqual(['lost']);
  expect(queue.state()).toMatchObject({ lost: 1, queued: 0, lastFailure: { code: 'ALERT_UNREACHABLE' } });
});

it('holds fifty, and tells how many it dropped', async () => {
  const { queue, sent, pass } = queueWith(['limited']);
  for (let index = 0; index < 60; index += 1) {
    queue.add(alertMessage({ id: String(index) }));
    await settled();
  }
  expect(queue.state()).toMatchObject({ queued: 50, lost: 10 });
  await pass(HOUR);
  expect(sent.map(({ message }) => message.id)).toEqual(
    Array.from({ length: 50 }, (_, index) => String(index + 10)),
  );
  expect(sent[0]?.message.text).toMatch(/\nlost: 10$/);
});

it('sends nothing and holds no timer once stopped', async () => {
  const { queue, tries, timers, pass } = queueWith(['down']);
  queue.add(alertMessage());
  await settled();
  queue.stop();
  queue.add(alertMessage());
  await pass(HOUR);
  expect(tries).toHaveLength(1);
  expect(timers.size).toBe(0);
});

it('keeps its rate and its bound whatever fails and whenever messages come', async () => {
  const fault = fc.constantFrom<(FaultName | undefined)[]>(undefined, 'down', 'limited', 'refused');
  const gaps = fc.array(fc.integer({ min: 0, max: 20 * SECOND }), { maxLength: 80 });
  await fc.assert(
    fc.asyncProperty(gaps, fc.array(fault, { maxLength: 40 }), async (all, plan) => {
      const { queue, tries, reports, pass } = queueWith(plan as FaultName[]);
      for (const gap of all) {
        queue.add(alertMessage());
        expect(queue.state().queued).toBeLessThanOrEqual(50);
        await pass(gap);
      }
      await pass(10 * HOUR);
      expect(reports).toHaveLength(all.length);
      for (const start of tries) {
        expect(tries.filter((time) => time >= start && time < start + MINUTE).length).toBeLessThanOrEqual(15);
      }
    }),
    { numRuns: 25 },
  );
});

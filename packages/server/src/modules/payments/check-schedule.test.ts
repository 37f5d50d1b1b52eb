import { DAY, HOUR, MINUTE } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billDays, chinaDate, chinaDayStart } from './bill-days.ts';
import { nextPaymentCheck, nextRefundCheck } from './check-schedule.ts';

const START = Date.UTC(2026, 4, 1);

describe('when WeChat Pay is asked about a payment', () => {
  it('asks 1, 3, 10 and 30 minutes after it was opened, and at its expiry', () => {
    const payment = { createdAt: START, expiresAt: START + 2 * HOUR };
    const asked: number[] = [];
    for (let at = START; at < payment.expiresAt; ) {
      at = nextPaymentCheck(payment, at);
      asked.push((at - START) / MINUTE);
    }
    expect(asked).toEqual([1, 3, 10, 30, 120]);
  });

  it('asks about a short one at its expiry and not after it', () => {
    const payment = { createdAt: START, expiresAt: START + 2 * MINUTE };
    expect(nextPaymentCheck(payment, START + MINUTE)).toBe(START + 2 * MINUTE);
  });

  it('asks ever more rarely from then on, when it could not be closed: after a minute, at last every hour', () => {
    const expiresAt = START + 30 * MINUTE;
    const waitAt = (at: number) => nextPaymentCheck({ createdAt: START, expiresAt }, at) - at;
    expect(waitAt(expiresAt)).toBe(MINUTE);
    expect(waitAt(expiresAt + 10 * MINUTE)).toBe(10 * MINUTE);
    expect(waitAt(START + DAY)).toBe(60 * MINUTE);
  });
});

describe('when WeChat Pay is asked about a refund', () => {
  it('asks after a minute, then at twice its age, at last every 6 h, and not for ever', () => {
    const waits: number[] = [];
    let at: number | null = START;
    while (at !== null && waits.length < 1_000) {
      const next: number | null = nextRefundCheck({ createdAt: START }, at);
      if (next !== null) waits.push(next - at);
      at = next;
    }
    expect(waits.slice(0, 5)).toEqual([MINUTE, MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]);
    expect(Math.max(...waits)).toBe(6 * HOUR);
    expect(waits.length).toBeLessThan(300);
  });
});

it('any next check is to come', () => {
  fc.assert(
    fc.property(fc.nat(2 * HOUR), fc.nat(100 * DAY), (expiry, age) => {
      const payment = { createdAt: START, expiresAt: START + expiry };
      expect(nextPaymentCheck(payment, START + age)).toBeGreaterThan(START + age);
      expect(nextRefundCheck(payment, START + age) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(START + age);
    }),
  );
});

describe('days of bills', () => {
  it('begin in China, and are there from 10:00 of the next on', () => {
    const tenInChina = Date.parse('2026-05-03T10:00:00+08:00');
    expect(billDays(START, tenInChina).at(-1)).toBe('2026-05-02');
    expect(billDays(START, tenInChina - 1).at(-1)).toBe('2026-05-01');
    expect(new Date(chinaDayStart('2026-05-02')).toISOString()).toBe('2026-05-01T16:00:00.000Z');
    expect(chinaDate(chinaDayStart('2026-05-02') - 1)).toBe('2026-05-01');
  });

  it('go back to the first payment, and a week at most', () => {
    const now = Date.parse('2026-05-20T12:00:00+08:00');
    expect(billDays(now - 2 * DAY, now)).toEqual(['2026-05-18', '2026-05-19']);
    expect(billDays(START, now)).toHaveLength(7);
    expect(billDays(now, now)).toEqual([]);
  });
});

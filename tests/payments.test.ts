import { payInAStorm } from '@maque/testkit/scenarios/payment-storm';
import { expect, it } from 'vitest';

// As bench/payments.ts does with ten thousand.
it('books each payment once and each refund once, whatever becomes of notifications and workers', async () => {
  const outcome = await payInAStorm({
    orders: 300,
    buyers: 10,
    killEveryMs: 500,
    behaviour: {
      ladderScale: 0.02,
      refundAfterMs: 200,
      lost: 0.2,
      repeated: 0.2,
      delayed: 0.3,
      delayMs: 1_000,
      forged: 0.2,
    },
    settleMs: 60_000,
  });
  expect(outcome.differences).toEqual([]);
  expect(outcome.deliveries).toMatchObject({
    forgedAcknowledged: 0,
    forged: expect.toSatisfy((count) => count > 20),
  });
  expect(outcome.placed).toBe(300);
  expect(outcome.paid).toBeGreaterThan(200);
  expect(outcome.kills).toBeGreaterThan(0);
  expect(outcome.refunded).toBeGreaterThan(5);
});

import { describe, expect, it } from 'vitest';
import { LatencyGoal } from './latency-goal.ts';

const GOAL_MS = 300;

/** A server whose clock and business are the test's. */
function someServer() {
  let nowMs = 0;
  let busy = 1;
  const clock = { now: () => nowMs, monotonic: () => nowMs };
  const goal = new LatencyGoal({ goalMs: GOAL_MS, utilization: () => busy, clock });
  return {
    goal,
    setBusy: (share: number) => {
      busy = share;
    },
    /** Answers a hundred requests a second, of which `slow` take longer than the goal. */
    serve(seconds: number, slow: number) {
      for (let count = 0; count < seconds * 100; count += 1) {
        nowMs += 10;
        goal.record(count % 100 < slow ? GOAL_MS + 1 : 5);
      }
    },
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

describe('the goal of 95 answers of 100 within a time', () => {
  it('is met with five slow ones of a hundred, and missed with ten', () => {
    const server = someServer();
    server.serve(5, 5);
    expect(server.goal.level).toBe('none');
    server.serve(2, 10);
    expect(server.goal.level).toBe('lean');
    expect(server.goal.share).toBe(1);
  });

  it('turns requests away only when leaving out optional work was not enough', () => {
    const server = someServer();
    server.serve(2, 50);
    expect(server.goal.level).toBe('lean');
    server.serve(3, 50);
    expect(server.goal.level).toBe('shedding');
    expect(server.goal.share).toBeLessThan(1);
    server.serve(60, 50);
    expect(server.goal.share).toBe(1 / 8);
  });

  it('comes back step by step when answers are quick again', () => {
    const server = someServer();
    server.serve(10, 50);
    const worst = server.goal.share;
    server.serve(3, 0);
    expect(server.goal.share).toBeGreaterThan(worst);
    expect(server.goal.level).not.toBe('none');
    server.serve(15, 0);
    expect([server.goal.level, server.goal.share]).toEqual(['none', 1]);
  });

  it('comes back when nobody asks any more', () => {
    const server = someServer();
    server.serve(10, 50);
    server.pass(60_000);
    expect([server.goal.level, server.goal.share]).toEqual(['none', 1]);
  });

  it('does nothing where the time goes by elsewhere', () => {
    const server = someServer();
    server.setBusy(0.1);
    server.serve(10, 90);
    expect([server.goal.level, server.goal.share]).toEqual(['none', 1]);
  });

  it('draws no conclusion from a handful of requests', () => {
    const server = someServer();
    for (let count = 0; count < 30; count += 1) {
      server.pass(200);
      server.goal.record(GOAL_MS * 10);
    }
    expect(server.goal.level).toBe('none');
  });
});

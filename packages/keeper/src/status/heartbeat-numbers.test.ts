import { expect, it } from 'vitest';
import { heartbeatFacts, sharedBox } from '../alerts/heartbeat-facts.ts';
import { heartbeatNumbers } from './heartbeat-numbers.ts';

const forecast = {
  pool: 'heap',
  verdict: 'leaking',
  probability: 0.97,
  bytesPerSecond: 1_000,
  timeToLimitMs: 840_000,
};

it('shows the pool that most needs a look, and none when none grows', () => {
  const healthy = { ...forecast, pool: 'native', verdict: 'healthy', probability: 0.01 };
  const slow = { ...forecast, pool: 'external', probability: 0.02 };
  expect(heartbeatNumbers({ forecasts: [healthy, slow, forecast] }).leak).toEqual(forecast);
  expect(heartbeatNumbers({ forecasts: [healthy, slow] }).leak).toEqual(slow);
  expect(heartbeatNumbers({ forecasts: [healthy] }).leak).toBeNull();
});

it.each([
  null,
  'all is well',
  { forecasts: 'none' },
  { forecasts: [null, 1, 'heap', { pool: 'heap' }] },
  { forecasts: [{ ...forecast, pool: '__proto__' }] },
  { forecasts: [{ ...forecast, verdict: '<b>leaking</b>' }] },
  { forecasts: [{ ...forecast, probability: '0.99' }] },
  { forecasts: [{ ...forecast, bytesPerSecond: Number.NaN }] },
])('takes nothing from %j', (status) => {
  expect(heartbeatNumbers(status).leak).toBeNull();
  expect(heartbeatFacts('w1', status).forecasts).toEqual([]);
});

it('takes no number that is none, and none that is out of its range', () => {
  const memory = { heapFloor: '1e9', heapLimit: Number.POSITIVE_INFINITY, native: 5 };
  const facts = heartbeatFacts('w1', { memory, forecasts: [{ ...forecast, probability: 7 }] });
  expect(facts).toMatchObject({ heapFloor: null, heapLimit: null, native: 5, busy: null, p95Ms: null });
  expect(facts.forecasts[0]?.probability).toBe(1);
});

it('passes on what a leak report names, if it is a text of its length', () => {
  expect(heartbeatFacts('w1', { leakNote: 'Route: POST /orders' }).note).toBe('Route: POST /orders');
  expect(heartbeatFacts('w1', { leakNote: 'x'.repeat(5_000) }).note).toHaveLength(1_000);
  expect(heartbeatFacts('w1', { leakNote: { toString: 'x' } }).note).toBeNull();
});

it('believes the worker that sees least room in the box', () => {
  const at = (boxUsed: unknown, boxLimit: unknown) => ({ memory: { boxKind: 'cgroup', boxUsed, boxLimit } });
  expect(sharedBox([at(100, 512), at(480, 512), at(900, null)], 0.5)).toEqual({
    kind: 'cgroup',
    used: 480,
    limit: 512,
    stall: null,
    cpu: 0.5,
  });
  expect(sharedBox([], null)).toBeNull();
  expect(sharedBox([null], 0.5)).toMatchObject({ used: null, cpu: 0.5 });
});

import { expect, test } from 'vitest';
import { sampleKeeper, sampleProcess, sampleStatus } from '../../testing/sample-status.ts';
import { trafficOf } from './traffic.ts';

test('rates add up over workers; percentiles are the slowest worker’s', () => {
  const processes = [
    sampleKeeper({ requestsPerSecond: 7 }),
    sampleProcess({ requestsPerSecond: 100, activeRequests: 2, p50Ms: 1, p99Ms: 9 }),
    sampleProcess({
      id: 'w2',
      requestsPerSecond: 50,
      activeRequests: 1,
      p50Ms: 3,
      p99Ms: 5,
      state: 'draining',
    }),
  ];
  expect(trafficOf(sampleStatus({ processes }))).toEqual({
    requestsPerSecond: 150,
    activeRequests: 3,
    p50Ms: 3,
    p99Ms: 9,
    workersReady: 1,
    workers: 2,
  });
});

test('what no worker tells is unknown, not zero', () => {
  const starting = sampleProcess({ requestsPerSecond: null, activeRequests: null, p50Ms: null, p99Ms: null });
  expect(trafficOf(sampleStatus({ processes: [starting] }))).toMatchObject({
    requestsPerSecond: null,
    activeRequests: null,
    p50Ms: null,
    p99Ms: null,
  });
});

import { createManualClock, SECOND } from '@maque/kit';
import { startReceiver } from '@maque/testkit/alerts/alert-receiver';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect, it } from 'vitest';
import { collectGarbage } from '../collect-garbage.ts';
import type { WorkerStatus } from '../export/state.ts';
import { watch } from '../watch.ts';
import { alertOnSamples } from './alert-on-samples.ts';

const off = { leak: false, cpu: false, latency: false, 'box-memory': false, 'memory-stall': false } as const;

it('tells of the process that the guard watches, and stops with it', async () => {
  await using receiver = await startReceiver(() => ({ status: 204, body: '' }));
  const guard = watch({ minIntervalMs: 50, maxIntervalMs: 50 });
  // A floor is there after the first major collection, and any is above this.
  const heap = { warning: 0.000_001, forMs: 0 };
  const alerter = alertOnSamples(
    guard,
    { channels: [{ type: 'webhook', url: receiver.origin }], rules: { ...off, heap }, mergeMs: 0 },
    {},
  );
  await waitUntil('an alert', () => {
    collectGarbage();
    return receiver.requests.length > 0;
  });
  const { alerts } = JSON.parse(receiver.requests[0]?.body ?? '');
  expect(alerts).toMatchObject([{ rule: 'heap', kind: 'raised', process: `pid ${process.pid}` }]);
  expect(alerts[0].evidence.limit).toBe(guard.state().memory.heapLimit);
  alerter.stop();
  guard.stop();
  expect(alerter.state().open).toHaveLength(1);
});

it('looks every two seconds, whatever comes', () => {
  const clock = createManualClock();
  let listener: ((status: WorkerStatus) => void) | undefined;
  let looks = 0;
  const guard = watch();
  const status = guard.status();
  guard.stop();
  const counted: WorkerStatus = {
    ...status,
    get forecasts() {
      looks += 1;
      return status.forecasts;
    },
  };
  const alerter = alertOnSamples(
    {
      onSample(given) {
        listener = given;
        return () => {
          listener = undefined;
        };
      },
    },
    { channels: [{ type: 'webhook', url: 'http://127.0.0.1:9' }] },
    { clock },
  );
  for (let sample = 0; sample < 40; sample += 1) {
    listener?.(counted);
    clock.advance(SECOND / 2);
  }
  expect(looks).toBe(10);
  alerter.stop();
  expect(listener).toBeUndefined();
});

import { AggregatorRegistry, Counter, collectDefaultMetrics, Registry } from 'prom-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseExposition } from '../../fixtures/parse-exposition.ts';
import type { Guard } from '../guard.ts';
import { watch } from '../watch.ts';
import { registerMetrics } from './prom-client.ts';

let guard: Guard;
beforeEach(() => {
  guard = watch();
  guard.meter.start();
  guard.meter.end(guard.meter.route('GET /orders/:id'), 3, 500);
});
afterEach(() => guard.stop());

/** The guard's part of a text. The defaults of prom-client tell `Nan` at first, which is no number of the format. */
const own = (text: string) => {
  const lines = text.split('\n').filter((line) => /^(?:# \w+ )?maque_/.test(line));
  return parseExposition(`${lines.join('\n')}\n`);
};
/** Names and labels: numbers move between two readings. */
const series = (text: string) => own(text).map(({ name, labels }) => JSON.stringify({ name, labels }));

it('tells in an existing registry what the guard’s own text tells, beside the app’s metrics and the defaults', async () => {
  const registry = new Registry();
  registerMetrics(guard, registry);
  collectDefaultMetrics({ register: registry });
  new Counter({ name: 'app_orders_total', help: 'Orders.', registers: [registry] }).inc();
  const text = await registry.metrics();
  expect(text).toContain('app_orders_total 1');
  expect(text).toContain('process_resident_memory_bytes');
  expect(series(text)).toEqual(series(guard.metrics()));
  const errors = own(text).find(({ name }) => name === 'maque_http_request_errors_total');
  expect(errors).toMatchObject({ labels: { route: 'GET /orders/:id' }, value: 1 });
});

it('reads when it is scraped, all metrics at once', async () => {
  const registry = new Registry();
  registerMetrics(guard, registry);
  await registry.metrics();
  guard.meter.start();
  const json = await registry.getMetricsAsJSON();
  const active = json.find(({ name }) => name === 'maque_http_requests_active');
  expect(active?.values[0]?.value).toBe(1);
});

it('does nothing the second time, takes its metrics out and puts them back', async () => {
  const registry = new Registry();
  const remove = registerMetrics(guard, registry);
  registerMetrics(guard, registry)();
  expect((await registry.metrics()).match(/^maque_pressure_level /gm)).toHaveLength(1);
  remove();
  expect(registry.getMetricsAsArray()).toEqual([]);
  registerMetrics(guard, registry);
  registry.clear();
  registerMetrics(guard, registry);
  registry.resetMetrics();
  expect((await registry.metrics()).match(/^maque_pressure_level /gm)).toHaveLength(1);
});

it('leaves a metric of the app alone that has one of its names', async () => {
  const registry = new Registry();
  new Counter({ name: 'maque_guard_samples_total', help: 'Mine.', registers: [registry] }).inc(7);
  registerMetrics(guard, registry);
  expect(await registry.metrics()).toContain('maque_guard_samples_total 7');
});

it('can be told as OpenMetrics', async () => {
  const registry = new Registry();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
  registerMetrics(guard, registry);
  for (let scrape = 0; scrape < 2; scrape += 1) {
    const text = await registry.metrics();
    expect(text).toContain('# TYPE maque_gc_collections counter');
    expect(text).toMatch(/^maque_gc_collections_total\{kind="major"\} \d+$/m);
  }
});

it('is joined over workers: uses are summed, the worst ratio and the nearest limit win', async () => {
  const registry = new Registry();
  registerMetrics(guard, registry);
  const worker = await registry.getMetricsAsJSON();
  const level = guard.state().memory.heapLimit;
  const joined = AggregatorRegistry.aggregate([worker, structuredClone(worker)]);
  const samples = own(await joined.metrics());
  const read = (name: string) => samples.find((sample) => sample.name === name)?.value;
  const alone = (name: string) => worker.find((metric) => metric.name === name)?.values[0]?.value;
  expect(read('maque_heap_limit_bytes')).toBe(level);
  expect(read('maque_pressure_level')).toBe(alone('maque_pressure_level'));
  expect(read('maque_box_used_bytes')).toBe(alone('maque_box_used_bytes'));
  expect(read('maque_heap_used_bytes')).toBe(2 * Number(alone('maque_heap_used_bytes')));
  expect(read('maque_http_requests_total')).toBe(2);
  expect(read('maque_http_request_duration_seconds_count')).toBe(2);
});

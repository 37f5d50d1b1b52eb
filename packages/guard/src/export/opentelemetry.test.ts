import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type DataPoint,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Guard } from '../guard.ts';
import { watch } from '../watch.ts';
import { guardMetrics } from './guard-metrics.ts';
import { observeWith } from './opentelemetry.ts';
import { instrumentsOf } from './opentelemetry-names.ts';

let guard: Guard;
let exporter: InMemoryMetricExporter;
let provider: MeterProvider;
beforeEach(() => {
  guard = watch({ minIntervalMs: 50, maxIntervalMs: 50 });
  guard.meter.start();
  guard.meter.end(guard.meter.route('GET /orders/:id'), 3, 500);
  guard.meter.start();
  guard.meter.end(-1, 1, 404);
  exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  // Collected when it is flushed; the interval is longer than any test.
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 600_000 });
  provider = new MeterProvider({ readers: [reader] });
});
afterEach(async () => {
  guard.stop();
  await provider.shutdown();
});

/** Until the event loop's delay has been measured, nothing is told of it. */
const measured = () =>
  vi.waitFor(() => expect(guard.state().memory.loopDelayP99Ms).not.toBeNull(), { timeout: 10_000 });

/** Everything that one collection exports, by name. */
async function collect() {
  exporter.reset();
  await provider.forceFlush();
  const scopes = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
  const all = scopes.flatMap((scope) => scope.metrics);
  return new Map(all.map((metric) => [metric.descriptor.name, metric]));
}

const points = (metric: { dataPoints: readonly unknown[] } | undefined) =>
  (metric?.dataPoints ?? []) as readonly DataPoint<number>[];

it('uses the names, kinds and units of the conventions where they mean the same', async () => {
  await measured();
  observeWith(guard, provider.getMeter('@maque/guard'));
  const collected = await collect();
  const kindOf = (name: string) => {
    const metric = collected.get(name);
    const monotonic = metric !== undefined && 'isMonotonic' in metric ? metric.isMonotonic : undefined;
    return [metric?.descriptor.unit, monotonic];
  };
  expect(kindOf('process.memory.usage')).toEqual(['By', false]);
  expect(kindOf('process.cpu.time')).toEqual(['s', true]);
  expect(kindOf('nodejs.eventloop.utilization')).toEqual(['1', undefined]);
  expect(kindOf('nodejs.eventloop.delay.p99')).toEqual(['s', undefined]);
  expect(kindOf('v8js.memory.heap.used')).toEqual(['By', false]);
  expect(kindOf('maque.external')).toEqual(['By', false]);
  expect(kindOf('maque.heap.limit')).toEqual(['By', undefined]);
  expect(kindOf('maque.gc.time')).toEqual(['s', true]);
});

it('tells the values of the guard, with attributes by the conventions', async () => {
  observeWith(guard, provider.getMeter('@maque/guard'));
  const collected = await collect();
  const { memory } = guard.state();
  expect(points(collected.get('process.memory.usage'))[0]?.value).toBe(memory.rss);
  expect(points(collected.get('maque.heap.limit'))[0]?.value).toBe(memory.heapLimit);
  expect(
    points(collected.get('maque.http.request_errors')).map(({ attributes, value }) => [attributes, value]),
  ).toEqual([
    [{ 'http.route': '(other)' }, 0],
    [{ 'http.request.method': 'GET', 'http.route': '/orders/:id' }, 1],
  ]);
  expect(points(collected.get('maque.gc.collections')).map(({ attributes }) => attributes)).toEqual([
    { 'v8js.gc.type': 'major' },
    { 'v8js.gc.type': 'minor' },
  ]);
  const spaces = points(collected.get('v8js.memory.heap.used')).map(
    ({ attributes }) => attributes['v8js.heap.space.name'],
  );
  expect(spaces).toContain('old_space');
  const buckets = points(collected.get('maque.http.request_duration_bucket'));
  expect(buckets.at(-1)).toMatchObject({ attributes: { le: '+Inf' }, value: 2 });
});

it('gives every metric that has a value an instrument of its own', async () => {
  const metrics = guardMetrics(guard.state(), guard.meter);
  const names = instrumentsOf(metrics).map(({ name }) => name);
  expect(names).toHaveLength(new Set(names).size);
  expect(instrumentsOf(metrics)).toContainEqual(
    expect.objectContaining({ name: 'maque.leak.slope', kind: 'gauge', unit: 'By/s' }),
  );
  for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_.]*[a-z0-9]$/);
  observeWith(guard, provider.getMeter('@maque/guard'));
  const collected = await collect();
  // The start is told by each data point, the heap by its spaces.
  const elsewhere = /process_start_time_seconds|maque_heap_(?:used|committed)_bytes/;
  for (const metric of metrics) {
    if (metric.type === 'histogram' || metric.samples.length === 0 || elsewhere.test(metric.name)) continue;
    const [instrument] = instrumentsOf([metric]);
    expect(points(collected.get(instrument?.name ?? '')), metric.name).toHaveLength(metric.samples.length);
  }
});

it('is told once to a meter however often it is asked for, and ends when told', async () => {
  const meter = provider.getMeter('@maque/guard');
  const stop = observeWith(guard, meter);
  expect(observeWith(guard, meter)).toBe(stop);
  const samples = async () => points((await collect()).get('maque.guard.samples')).map(({ value }) => value);
  const [before = 0, ...others] = await samples();
  expect(others).toEqual([]);
  stop();
  guard.sample();
  // The SDK goes on telling what it was told last.
  expect(await samples()).toEqual([before]);
  observeWith(guard, meter);
  expect((await samples())[0]).toBeGreaterThan(before);
});

it('costs nothing where the app has set up no meter provider', () => {
  expect(() => observeWith(guard, metrics.getMeter('@maque/guard'))()).not.toThrow();
});

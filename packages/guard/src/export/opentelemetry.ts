import { getHeapSpaceStatistics } from 'node:v8';
import type { Guard } from '../guard.ts';
import { guardMetrics } from './guard-metrics.ts';
import { type Instrument, instrumentsOf, type Observation, observationsOf } from './opentelemetry-names.ts';

/** The part of a `Meter` of @opentelemetry/api 1 that is used. */
export interface OtelMeter {
  createObservableCounter(name: string, options: OtelOptions): object;
  createObservableGauge(name: string, options: OtelOptions): object;
  createObservableUpDownCounter(name: string, options: OtelOptions): object;
  addBatchObservableCallback(callback: (result: OtelResult) => void, observables: object[]): void;
  removeBatchObservableCallback(callback: (result: OtelResult) => void, observables: object[]): void;
}

interface OtelOptions {
  readonly description: string;
  readonly unit: string;
}

interface OtelResult {
  observe(observable: object, value: number, attributes: Record<string, string>): void;
}

const HEAP_SPACES: readonly Instrument[] = [
  {
    name: 'v8js.memory.heap.used',
    kind: 'upDownCounter',
    unit: 'By',
    description: 'Heap memory in use, by space, garbage included.',
  },
  {
    name: 'v8js.memory.heap.space.physical_size',
    kind: 'upDownCounter',
    unit: 'By',
    description: 'Committed heap memory, by space.',
  },
];

const observed = new WeakMap<OtelMeter, () => void>();

/**
 * Tells what the guard knows to a meter, `metrics.getMeter('@maque/guard')`, each time it is collected. Under the names
 * of OpenTelemetry's conventions (`process.memory.usage`, `nodejs.eventloop.utilization`, `v8js.memory.heap.used` …)
 * where a convention means the same, as `maque.…` where not. OpenTelemetry has no observable histogram, so durations of
 * requests come as cumulative buckets with an attribute `le`.
 * @returns a function that ends it; called again for a meter that is told already, this answers that one.
 */
export function observeWith(guard: Guard, meter: OtelMeter): () => void {
  const running = observed.get(meter);
  if (running !== undefined) return running;
  const observables = new Map<string, object>();
  for (const instrument of [...instrumentsOf(guardMetrics(guard.state(), guard.meter)), ...HEAP_SPACES]) {
    observables.set(instrument.name, create(meter, instrument));
  }
  const tell = (result: OtelResult) => {
    for (const { name, value, attributes } of observe(guard)) {
      const observable = observables.get(name);
      if (observable !== undefined) result.observe(observable, value, attributes);
    }
  };
  const all = [...observables.values()];
  meter.addBatchObservableCallback(tell, all);
  const stop = () => {
    meter.removeBatchObservableCallback(tell, all);
    observed.delete(meter);
  };
  observed.set(meter, stop);
  return stop;
}

function create(meter: OtelMeter, { name, kind, unit, description }: Instrument): object {
  const options = { unit, description };
  if (kind === 'counter') return meter.createObservableCounter(name, options);
  if (kind === 'upDownCounter') return meter.createObservableUpDownCounter(name, options);
  return meter.createObservableGauge(name, options);
}

function* observe(guard: Guard): Iterable<Observation> {
  yield* observationsOf(guardMetrics(guard.state(), guard.meter));
  for (const space of getHeapSpaceStatistics()) {
    const attributes = { 'v8js.heap.space.name': space.space_name };
    yield { name: 'v8js.memory.heap.used', value: space.space_used_size, attributes };
    yield { name: 'v8js.memory.heap.space.physical_size', value: space.physical_space_size, attributes };
  }
}

import { isAdditive } from './additive-gauge.ts';
import type { Metric, MetricSample } from './prometheus.ts';

/** An observable instrument. */
export interface Instrument {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'upDownCounter';
  /** By UCUM. */
  readonly unit: string;
  readonly description: string;
}

/** A value of an instrument. */
export interface Observation {
  readonly name: string;
  readonly value: number;
  readonly attributes: Record<string, string>;
}

/**
 * Names of OpenTelemetry's semantic conventions (1.45) whose meaning, and required attributes, are those of ours. Not
 * among them: `http.server.active_requests`, which wants a method, and `v8js.gc.duration`, which is a histogram.
 */
const CONVENTIONS: Readonly<Record<string, string>> = {
  process_resident_memory_bytes: 'process.memory.usage',
  process_cpu_seconds_total: 'process.cpu.time',
  maque_event_loop_utilization_ratio: 'nodejs.eventloop.utilization',
};

/** Instruments of its own for what is one metric with a label here. */
const BY_QUANTILE = 'maque_event_loop_delay_seconds';
const QUANTILES: Readonly<Record<string, string>> = {
  '0.5': 'nodejs.eventloop.delay.p50',
  '0.99': 'nodejs.eventloop.delay.p99',
};

/** Data points carry the start themselves; the heap is told by space. */
const LEFT_OUT = new Set([
  'process_start_time_seconds',
  'maque_heap_used_bytes',
  'maque_heap_committed_bytes',
]);

/** Endings of names, each with its unit and what is left of it in a name. */
const UNITS: readonly (readonly [ending: RegExp, unit: string, rest: string])[] = [
  [/_bytes_per_second$/, 'By/s', ''],
  [/_bytes$/, 'By', ''],
  [/_seconds_total$/, 's', '_time'],
  [/_seconds$/, 's', ''],
  [/_ratio$/, '1', '_ratio'],
  [/_total$/, '1', ''],
];

/** The instruments that metrics become, each name once. */
export function instrumentsOf(metrics: readonly Metric[]): Instrument[] {
  return metrics.flatMap((metric): Instrument[] => {
    if (LEFT_OUT.has(metric.name)) return [];
    const { help: description } = metric;
    if (metric.name === BY_QUANTILE) {
      return Object.values(QUANTILES).map((name) => ({ name, kind: 'gauge', unit: 's', description }));
    }
    const { name, unit } = nameOf(metric);
    if (metric.type === 'histogram')
      return [{ name: `${name}_bucket`, kind: 'counter', unit: '1', description }];
    const kind = metric.type === 'counter' ? 'counter' : isAdditive(metric) ? 'upDownCounter' : 'gauge';
    return [{ name, kind, unit, description }];
  });
}

/** What there is to observe of metrics. */
export function* observationsOf(metrics: readonly Metric[]): Iterable<Observation> {
  for (const metric of metrics) {
    if (LEFT_OUT.has(metric.name)) continue;
    const { name } = nameOf(metric);
    if (metric.type === 'histogram') {
      for (const { le, count } of metric.buckets) yield bucket(name, String(le), count);
      yield bucket(name, '+Inf', metric.count);
      continue;
    }
    for (const { labels = {}, value } of metric.samples) {
      const quantile = metric.name === BY_QUANTILE ? QUANTILES[labels.quantile ?? ''] : undefined;
      if (quantile !== undefined) yield { name: quantile, value, attributes: {} };
      else yield { name, value, attributes: attributesOf(metric.name, labels) };
    }
  }
}

function bucket(name: string, le: string, value: number): Observation {
  return { name: `${name}_bucket`, value, attributes: { le } };
}

/** `maque_heap_floor_bytes` becomes `maque.heap.floor`, in `By`. */
function nameOf({ name }: Metric): { name: string; unit: string } {
  const [ending = /$/, unit = '1', rest = ''] = UNITS.find(([pattern]) => pattern.test(name)) ?? [];
  const known = CONVENTIONS[name];
  if (known !== undefined) return { name: known, unit };
  const bare = name.replace(ending, rest).replace(/^maque_/, '');
  return { name: `maque.${bare.replace('_', '.')}`, unit };
}

function attributesOf(metric: string, labels: NonNullable<MetricSample['labels']>): Record<string, string> {
  const { route, kind, ...others } = labels;
  const attributes: Record<string, string> = { ...others };
  if (kind !== undefined) attributes[metric.startsWith('maque_gc_') ? 'v8js.gc.type' : 'kind'] = kind;
  if (route === undefined) return attributes;
  // `GET /orders/:id`, or `(other)`, which has no method.
  const [method, path] = route.split(' ', 2);
  if (path?.startsWith('/') !== true || method === undefined) return { ...attributes, 'http.route': route };
  return { ...attributes, 'http.request.method': method, 'http.route': route.slice(method.length + 1) };
}

import type { Guard } from '../guard.ts';
import { isAdditive } from './additive-gauge.ts';
import { guardMetrics } from './guard-metrics.ts';
import type { HistogramMetric, Metric } from './prometheus.ts';

/** The part of a registry of prom-client 15 that is used. */
export interface PromRegistry {
  getSingleMetric(name: string): object | undefined;
  registerMetric(metric: object): void;
  removeSingleMetric(name: string): void;
}

/** What prom-client's registry asks of a metric. */
interface PromMetric {
  /** A registry of OpenMetrics takes `_total` off. */
  name: string;
  readonly help: string;
  readonly type: Metric['type'];
  /** How `AggregatorRegistry` joins the values of a cluster's workers. */
  readonly aggregator: 'sum' | 'max' | 'min';
  get(): Promise<PromValues>;
  reset(): void;
}

interface PromValues extends Pick<PromMetric, 'name' | 'help' | 'type' | 'aggregator'> {
  readonly values: readonly {
    readonly labels: Readonly<Record<string, string | number>>;
    readonly value: number;
    readonly metricName?: string;
  }[];
}

// `process_…` are the names that prom-client's own collectDefaultMetrics() takes, and it throws when one is there.
const OWN_NAMES = /^maque_/;

/**
 * Registers what the guard knows (`maque_…`) with a registry of prom-client 15, read when it is scraped. A name that is
 * there already is left alone, so that calling this again does nothing.
 *
 * In a cluster call it in each worker: `AggregatorRegistry` then sums counters, durations, bytes and things in use, and
 * tells the worst worker's ratios, levels and limits.
 * @returns a function that takes them out again.
 */
export function registerMetrics(guard: Guard, registry: PromRegistry): () => void {
  const read = onceATurn(() => new Map(metricsOf(guard).map((metric) => [metric.name, metric])));
  const added: string[] = [];
  for (const metric of metricsOf(guard)) {
    if (registry.getSingleMetric(metric.name) !== undefined) continue;
    registry.registerMetric(promMetric(metric, () => read().get(metric.name)));
    added.push(metric.name);
  }
  return () => {
    for (const name of added.splice(0)) registry.removeSingleMetric(name);
  };
}

function metricsOf(guard: Guard): Metric[] {
  return guardMetrics(guard.state(), guard.meter).filter(({ name }) => OWN_NAMES.test(name));
}

function promMetric(metric: Metric, read: () => Metric | undefined): PromMetric {
  const { name, help, type } = metric;
  const aggregator = aggregatorOf(metric);
  return {
    name,
    help,
    type,
    aggregator,
    async get() {
      const current = read();
      return {
        name: this.name,
        help,
        type,
        aggregator,
        values: current === undefined ? [] : valuesOf(current),
      };
    },
    // Counters are the process's own; there is nothing here to set back.
    reset() {},
  };
}

function aggregatorOf(metric: Metric): PromMetric['aggregator'] {
  if (metric.type !== 'gauge' || isAdditive(metric)) return 'sum';
  return metric.name.endsWith('_time_to_limit_seconds') ? 'min' : 'max';
}

function valuesOf(metric: Metric): PromValues['values'] {
  if (metric.type === 'histogram') return histogramValues(metric);
  return metric.samples.map(({ labels = {}, value }) => ({ labels, value }));
}

function histogramValues({ name, buckets, sum, count }: HistogramMetric): PromValues['values'] {
  return [
    ...buckets.map(({ le, count: below }) => ({
      labels: { le },
      value: below,
      metricName: `${name}_bucket`,
    })),
    { labels: { le: '+Inf' }, value: count, metricName: `${name}_bucket` },
    { labels: {}, value: sum, metricName: `${name}_sum` },
    { labels: {}, value: count, metricName: `${name}_count` },
  ];
}

/** A registry asks all metrics in one go: they share one reading, which also makes them agree with each other. */
function onceATurn<Value>(read: () => Value): () => Value {
  let last: { readonly value: Value } | null = null;
  return () => {
    if (last !== null) return last.value;
    last = { value: read() };
    queueMicrotask(() => {
      last = null;
    });
    return last.value;
  };
}

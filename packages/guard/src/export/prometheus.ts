/** One value of a metric and the labels that tell it from its siblings. */
export interface MetricSample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric of one number, or of one number per set of labels. */
export interface NumberMetric {
  readonly type: 'counter' | 'gauge';
  readonly name: string;
  readonly help: string;
  readonly samples: readonly MetricSample[];
}

/** A metric that counts observations in cumulative buckets: one set of labels; its siblings follow it. */
export interface HistogramMetric {
  readonly type: 'histogram';
  readonly name: string;
  readonly help: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** How many observations did not exceed `le`, in rising order of it. */
  readonly buckets: readonly { readonly le: number; readonly count: number }[];
  readonly sum: number;
  readonly count: number;
}

export type Metric = NumberMetric | HistogramMetric;

/** The content type of what {@link renderPrometheus} writes. */
export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Writes metrics in Prometheus' text format, version 0.0.4. A metric without samples is left out. */
export function renderPrometheus(metrics: Iterable<Metric>): string {
  const lines: string[] = [];
  let family = '';
  for (const metric of metrics) {
    const rows = metric.type === 'histogram' ? histogramRows(metric) : numberRows(metric);
    if (rows.length === 0) continue;
    if (metric.name !== family)
      lines.push(`# HELP ${metric.name} ${escapeHelp(metric.help)}`, `# TYPE ${metric.name} ${metric.type}`);
    family = metric.name;
    for (const row of rows) lines.push(`${row.name}${renderLabels(row.labels)} ${renderValue(row.value)}`);
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

interface Row extends MetricSample {
  readonly name: string;
}

function numberRows(metric: NumberMetric): Row[] {
  return metric.samples.map((sample) => ({ name: metric.name, ...sample }));
}

function histogramRows({ name, labels, buckets, sum, count }: HistogramMetric): Row[] {
  const rows = [...buckets, { le: Number.POSITIVE_INFINITY, count }].map((bucket) => ({
    name: `${name}_bucket`,
    labels: { ...labels, le: renderValue(bucket.le) },
    value: bucket.count,
  }));
  const own = labels === undefined ? {} : { labels };
  return [
    ...rows,
    { name: `${name}_sum`, value: sum, ...own },
    { name: `${name}_count`, value: count, ...own },
  ];
}

function renderLabels(labels: MetricSample['labels'] = {}): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function renderValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}

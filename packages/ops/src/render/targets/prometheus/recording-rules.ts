/** A value that is worked out once a round, because alerts and the dashboard both ask for it. */
export interface RecordingRule {
  /** What it is of, what it is, and how it was worked out: `maque:shed:share5m`. */
  readonly record: string;
  readonly expr: string;
  /** Whether only the server of this project tells it. */
  readonly ofServer: boolean;
}

const inFiveMinutes = (metric: string, matcher = '') =>
  `sum without (worker, route) (rate(${metric}${matcher}[5m]))`;

const percentile = (share: number) =>
  `histogram_quantile(${share}, sum without (worker) (rate(maque_http_request_duration_seconds_bucket[5m])))`;

export const recordingRules: readonly RecordingRule[] = [
  {
    record: 'maque:process_memory:share',
    expr: 'maque_keeper_process_pss_bytes / maque_keeper_process_budget_bytes',
    ofServer: false,
  },
  {
    record: 'maque:box_memory:share',
    expr: 'maque_keeper_box_used_bytes / ignoring (kind) maque_keeper_box_limit_bytes',
    ofServer: false,
  },
  // Never by what V8 has taken so far: that follows the use, and healthy processes stand anywhere in it.
  {
    record: 'maque:heap_floor:share',
    expr: 'maque_heap_floor_bytes / maque_heap_limit_bytes',
    ofServer: false,
  },
  { record: 'maque:gc:share5m', expr: 'rate(maque_gc_seconds_total[5m])', ofServer: false },
  { record: 'maque:requests:rate5m', expr: inFiveMinutes('maque_http_requests_total'), ofServer: false },
  // What was turned away ends in 503 as well, has no route, and is counted by a rule of its own.
  {
    record: 'maque:errors:share5m',
    expr: `${inFiveMinutes('maque_http_request_errors_total', '{route!="(no route)"}')} / maque:requests:rate5m`,
    ofServer: false,
  },
  { record: 'maque:request_seconds:p50_5m', expr: percentile(0.5), ofServer: false },
  { record: 'maque:request_seconds:p95_5m', expr: percentile(0.95), ofServer: false },
  { record: 'maque:request_seconds:p99_5m', expr: percentile(0.99), ofServer: false },
  {
    record: 'maque:shed:share5m',
    expr: `${inFiveMinutes('maque_requests_shed_total')} / maque:requests:rate5m`,
    ofServer: true,
  },
  {
    record: 'maque:cache_hits:share5m',
    expr: `${inFiveMinutes('maque_cache_hits_total')} / (${inFiveMinutes('maque_cache_hits_total')} + ${inFiveMinutes('maque_cache_misses_total')})`,
    ofServer: true,
  },
];

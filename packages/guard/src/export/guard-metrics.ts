import { type Milliseconds, SECOND } from '@maque/kit';
import type { PoolVerdict, Verdict } from '../detect/verdict.ts';
import type { SuspicionLevel } from '../leak-watch/suspicion.ts';
import type { PressureLevel } from '../pressure/pressure.ts';
import type { LogHistogram } from '../requests/log-histogram.ts';
import type { RequestMeter } from '../requests/request-meter.ts';
import type { HistogramMetric, Metric, MetricSample, NumberMetric } from './prometheus.ts';
import type { GuardState } from './state.ts';

const LEVELS: Record<PressureLevel, number> = { none: 0, elevated: 1, critical: 2 };

const VERDICTS: Record<Verdict, number> = {
  healthy: 0,
  'not-enough-evidence': 1,
  'warming-up': 2,
  growing: 3,
  leaking: 4,
};
const SUSPICIONS: Record<SuspicionLevel, number> = { none: 0, suspected: 1, leaking: 2 };

// 2^9 µs (0.5 ms) to 2^25 µs (34 s): powers of two of microseconds are edges of the meter's buckets, so counts are
// exact.
const LATENCY_EXPONENTS = Array.from({ length: 17 }, (_, index) => index + 9);

/**
 * Everything the guard knows as metrics: the usual names of process metrics, and `maque_…` for the rest. What is not
 * known is left out.
 */
export function guardMetrics(state: GuardState, meter: RequestMeter): Metric[] {
  return [
    ...processMetrics(state),
    ...memoryMetrics(state),
    ...timeMetrics(state),
    ...leakMetrics(state),
    ...requestMetrics(state, meter),
    ...ownMetrics(state),
  ];
}

function processMetrics({ memory }: GuardState): Metric[] {
  const cpu = process.cpuUsage();
  return [
    gauge('process_resident_memory_bytes', 'Resident memory.', memory.rss),
    counter('process_cpu_seconds_total', 'User and system CPU time.', (cpu.user + cpu.system) / 1e6),
    gauge(
      'process_start_time_seconds',
      'Start of the process, seconds since the epoch.',
      performance.timeOrigin / SECOND,
    ),
  ];
}

function memoryMetrics({ memory, pressure, pools }: GuardState): Metric[] {
  const box = { kind: memory.boxKind };
  return [
    gauge('maque_heap_used_bytes', 'V8 heap in use, garbage included.', memory.heapUsed),
    gauge('maque_heap_committed_bytes', 'V8 heap committed.', memory.heapTotal),
    gauge('maque_heap_floor_bytes', 'V8 heap that survived the last major collection.', memory.heapFloor),
    gauge('maque_heap_limit_bytes', 'What the old generation may grow to.', memory.heapLimit),
    gauge('maque_external_bytes', 'Memory that objects own outside the heap.', memory.external),
    gauge('maque_array_buffers_bytes', 'The part of it in array buffers.', memory.arrayBuffers),
    gauge('maque_native_bytes', 'Anonymous memory that is neither heap nor external.', memory.native),
    gauge('maque_anonymous_bytes', 'Resident memory without pages of files.', memory.anonymous),
    gauge(
      'maque_box_used_bytes',
      'In use in the control group or machine, page cache left out.',
      memory.boxUsed,
      box,
    ),
    gauge('maque_box_limit_bytes', 'Memory of the control group or machine.', memory.boxLimit, box),
    gauge(
      'maque_memory_stall_ratio',
      'Share of ten seconds in which all waited for memory.',
      memory.memoryStall,
    ),
    {
      type: 'gauge',
      name: 'maque_pool_share_ratio',
      help: 'Use of each kind of memory against what it can grow to.',
      samples: Object.entries(pools).flatMap(([pool, reading]) => sample(reading?.share, { pool })),
    },
    gauge('maque_pressure_level', '0 none, 1 elevated, 2 critical.', LEVELS[pressure.level]),
  ];
}

function timeMetrics({ memory, slowTurns }: GuardState): Metric[] {
  return [
    {
      type: 'counter',
      name: 'maque_gc_collections_total',
      help: 'Garbage collections.',
      samples: [...sample(memory.gcMajors, { kind: 'major' }), ...sample(memory.gcMinors, { kind: 'minor' })],
    },
    counter('maque_gc_seconds_total', 'Time spent in garbage collection.', memory.gcMs / SECOND),
    gauge(
      'maque_gc_time_ratio',
      'Share of time in garbage collection, over some five seconds.',
      memory.gcShare,
    ),
    gauge(
      'maque_event_loop_utilization_ratio',
      'Share of time in which the event loop was busy.',
      memory.loopUtilization,
    ),
    {
      type: 'gauge',
      name: 'maque_event_loop_delay_seconds',
      help: 'How late the event loop comes.',
      samples: [
        ...sample(seconds(memory.loopDelayP50Ms), { quantile: '0.5' }),
        ...sample(seconds(memory.loopDelayP99Ms), { quantile: '0.99' }),
      ],
    },
    counter(
      'maque_event_loop_slow_turns_total',
      'Turns of 100 ms and more, one a sample at most, while the loop is busy enough to be measured.',
      slowTurns.count,
    ),
    counter('maque_event_loop_slow_turn_seconds_total', 'Time that they took.', slowTurns.totalMs / SECOND),
    gauge('maque_active_handles', 'Open sockets, timers, files and requests.', memory.handles),
  ];
}

function leakMetrics({ leaks }: GuardState): Metric[] {
  const horizons = [
    { horizon: 'near', verdicts: leaks.near },
    { horizon: 'day', verdicts: leaks.slow },
  ];
  const perVerdict = (value: (verdict: PoolVerdict) => number | null): MetricSample[] =>
    horizons.flatMap(({ horizon, verdicts }) =>
      verdicts.flatMap((verdict) => sample(value(verdict), { pool: verdict.pool, horizon })),
    );
  const gauges: readonly (readonly [string, string, MetricSample[]])[] = [
    [
      'maque_leak_probability',
      'That the limit is reached within the horizon.',
      perVerdict(({ probability }) => probability),
    ],
    [
      'maque_leak_verdict',
      '0 healthy, 1 not enough evidence, 2 warming up, 3 growing, 4 leaking; of one evaluation.',
      perVerdict(({ verdict }) => VERDICTS[verdict]),
    ],
    [
      'maque_leak_suspicion_level',
      '0 none, 1 suspected, 2 leaking; what several evaluations agree on.',
      Object.entries(leaks.levels).flatMap(([pool, level]) => sample(SUSPICIONS[level], { pool })),
    ],
    [
      'maque_leak_slope_bytes_per_second',
      'Growth that goes on, if there is any.',
      perVerdict(({ bytesPerSecond }) => bytesPerSecond),
    ],
    [
      'maque_leak_time_to_limit_seconds',
      'When the limit is reached at this rate.',
      perVerdict(({ timeToLimitMs }) => seconds(timeToLimitMs)),
    ],
  ];
  return [
    ...gauges.map(([name, help, samples]): Metric => ({ type: 'gauge', name, help, samples })),
    counter(
      'maque_guard_forced_collections_total',
      'Collections forced to see what lives.',
      leaks.forcedCollections,
    ),
  ];
}

function requestMetrics({ requests }: GuardState, meter: RequestMeter): Metric[] {
  const routes = meter.routes().filter(({ total }) => total > 0);
  return [
    {
      type: 'counter',
      name: 'maque_http_requests_total',
      help: 'Requests that ended.',
      samples: routes.map(({ route, total }) => ({ labels: { route }, value: total })),
    },
    {
      type: 'counter',
      name: 'maque_http_request_errors_total',
      help: 'Requests that ended with status 500 or above.',
      samples: routes.map(({ route, errors }) => ({ labels: { route }, value: errors })),
    },
    {
      type: 'counter',
      name: 'maque_http_request_seconds_total',
      help: 'Sum of the durations of requests.',
      samples: routes.map(({ route, totalMs }) => ({ labels: { route }, value: totalMs / SECOND })),
    },
    gauge('maque_http_requests_active', 'Requests begun and not ended.', requests.active),
    latencyHistogram(meter.latencies),
  ];
}

function ownMetrics({ cost, intervalMs }: GuardState): Metric[] {
  return [
    counter(
      'maque_guard_seconds_total',
      "The guard's own time, without what others had of the core meanwhile.",
      cost.totalMs / SECOND,
    ),
    counter('maque_guard_samples_total', 'Samples taken.', cost.samples),
    gauge('maque_guard_sample_seconds', 'Mean time of one sample.', cost.microsecondsPerSample / 1e6),
    gauge('maque_guard_memory_bytes', 'Arrays and names that the guard keeps.', cost.memory),
    gauge(
      'maque_guard_interval_seconds',
      'Time between two samples at the present pace.',
      intervalMs / SECOND,
    ),
  ];
}

function latencyHistogram(latencies: LogHistogram): HistogramMetric {
  return {
    type: 'histogram',
    name: 'maque_http_request_duration_seconds',
    help: 'Durations of requests.',
    buckets: LATENCY_EXPONENTS.map((exponent) => ({
      le: 2 ** exponent / 1e6,
      count: latencies.countBelowPowerOfTwo(exponent),
    })),
    sum: latencies.sumMs / SECOND,
    count: latencies.count,
  };
}

function gauge(
  name: string,
  help: string,
  value: number | null,
  labels?: MetricSample['labels'],
): NumberMetric {
  return { type: 'gauge', name, help, samples: sample(value, labels) };
}

function counter(name: string, help: string, value: number): NumberMetric {
  return { type: 'counter', name, help, samples: sample(value) };
}

function sample(value: number | null | undefined, labels: MetricSample['labels'] = {}): MetricSample[] {
  return value === null || value === undefined ? [] : [{ labels, value }];
}

function seconds(ms: Milliseconds | null): number | null {
  return ms === null ? null : ms / SECOND;
}

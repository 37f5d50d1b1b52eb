import { type Metric, renderPrometheus } from '@maque/guard';
import type { AdmissionStats } from '../../http/admission.ts';
import type { KeyValueStats } from '../../ports/index.ts';

export interface ServerMetricsSources {
  readonly admission: () => AdmissionStats;
  readonly cache: () => KeyValueStats;
  readonly droppedLogLines: () => number;
  /** Of the modules that count for themselves. */
  readonly modules: () => readonly Metric[];
}

/** What only the server knows of itself, as Prometheus text; memory and requests are the guard's. */
export function renderServerMetrics(sources: ServerMetricsSources): string {
  const { queued, shed, bodyBytes, maxBodyBytes } = sources.admission();
  const { bytes, maxBytes, hits, misses, evictions } = sources.cache();
  return renderPrometheus([
    gauge('maque_requests_queued', 'Requests that wait for a place', queued),
    counter('maque_requests_shed_total', 'Requests turned away because the server was busy', shed),
    gauge('maque_body_bytes', 'Memory that bodies in flight have reserved', bodyBytes),
    gauge('maque_body_limit_bytes', 'Memory that they may reserve', maxBodyBytes),
    gauge('maque_cache_bytes', 'Memory that the cache holds', bytes),
    gauge('maque_cache_limit_bytes', 'Memory that the cache may hold', maxBytes),
    counter('maque_cache_hits_total', 'Reads that the cache could answer', hits),
    counter('maque_cache_misses_total', 'Reads that it could not answer', misses),
    counter('maque_cache_evictions_total', 'Entries dropped to keep the limit', evictions),
    counter(
      'maque_log_lines_dropped_total',
      'Log lines that the disk did not take',
      sources.droppedLogLines(),
    ),
    ...sources.modules(),
  ]);
}

function gauge(name: string, help: string, value: number): Metric {
  return { type: 'gauge', name, help, samples: [{ value }] };
}

function counter(name: string, help: string, value: number): Metric {
  return { type: 'counter', name, help, samples: [{ value }] };
}

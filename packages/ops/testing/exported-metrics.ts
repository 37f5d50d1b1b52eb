import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGES = join(import.meta.dirname, '..', '..');

/** Names of metrics that the sources of keeper, guard and server write; the end-to-end test reads a running shop. */
export function ownMetricNames(): ReadonlySet<string> {
  const files = globSync('{guard,keeper,server}/src/**/*.ts', { cwd: PACKAGES }).filter(
    (file) => !file.endsWith('.test.ts'),
  );
  const names = files.flatMap((file) => {
    const text = readFileSync(join(PACKAGES, file), 'utf8');
    return [...text.matchAll(/'((?:maque|process)_[a-z0-9_]+)'/g)].map(([, name = '']) => name);
  });
  return new Set(names);
}

/** Of node_exporter 1.5, Prometheus 2.42 and Alertmanager 0.25, as their own /metrics list them: what is asked of them. */
export const FOREIGN_METRIC_NAMES: ReadonlySet<string> = new Set([
  'up',
  'node_cpu_seconds_total',
  'node_disk_io_time_seconds_total',
  'node_filesystem_avail_bytes',
  'node_filesystem_files',
  'node_filesystem_files_free',
  'node_filesystem_readonly',
  'node_filesystem_size_bytes',
  'node_memory_MemAvailable_bytes',
  'node_memory_MemTotal_bytes',
  'node_memory_SwapFree_bytes',
  'node_memory_SwapTotal_bytes',
  'node_network_receive_bytes_total',
  'node_network_transmit_bytes_total',
  'node_pressure_cpu_waiting_seconds_total',
  'node_pressure_io_waiting_seconds_total',
  'node_pressure_memory_stalled_seconds_total',
  'node_pressure_memory_waiting_seconds_total',
  'node_systemd_unit_state',
  'node_timex_sync_status',
  'node_vmstat_oom_kill',
  'node_vmstat_pswpin',
  'node_vmstat_pswpout',
  'prometheus_config_last_reload_successful',
  'prometheus_notifications_dropped_total',
  'prometheus_rule_evaluation_failures_total',
  'alertmanager_notifications_failed_total',
  // Of mysqld_exporter and redis_exporter, by their own lists of metrics.
  'mysql_global_status_threads_connected',
  'mysql_global_status_innodb_buffer_pool_reads',
  'mysql_global_status_innodb_buffer_pool_read_requests',
  'mysql_global_variables_max_connections',
  'redis_memory_used_bytes',
  'redis_memory_max_bytes',
]);

/** The metrics that an expression of PromQL reads; recorded ones have colons. */
export function metricsIn(expression: string): readonly string[] {
  const bare = expression.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  const names = bare.match(
    /\b(?:up|(?:maque|process|node|prometheus|alertmanager|mysql|redis)[_:][A-Za-z0-9_:]+)\b/g,
  );
  return (names ?? []).map((name) => (name.includes(':') ? name : name.replace(/_(?:bucket)$/, '')));
}

import type { SystemStatus } from '@maque/contract';
import type { Metric } from '@maque/guard';
import type { AlerterState } from '@maque/guard/alert';
import { EXIT_CAUSES } from '../process/exit-cause.ts';
import type { PoolCounters } from '../process/worker-pool.ts';

type Samples = Extract<Metric, { readonly samples: unknown }>['samples'];

const STATES = ['starting', 'ready', 'draining', 'failed'] as const;

/** What the keeper itself knows, so that it can be seen while every worker is down. */
export function keeperMetrics(
  status: SystemStatus,
  counters: PoolCounters,
  answers: readonly { readonly worker: string; readonly text: string | null }[],
): Metric[] {
  const { exits, rescuedConnections, busDropped } = counters;
  return [
    gauge('maque_keeper_budget_bytes', 'Memory that the plan allows the keeper and all workers.', [
      { value: status.budget },
    ]),
    gauge('maque_keeper_workers', 'Workers in each state.', workersByState(status)),
    gauge(
      'maque_keeper_process_budget_bytes',
      'Memory that the plan allows a process.',
      ofProcesses(status, 'budget'),
    ),
    gauge(
      'maque_keeper_process_pss_bytes',
      'Memory of a process, shared pages divided.',
      ofProcesses(status, 'pss'),
    ),
    gauge('maque_keeper_process_rss_bytes', 'Resident memory of a process.', ofProcesses(status, 'rss')),
    gauge(
      'maque_keeper_worker_answers',
      'Whether a worker told its own metrics in time.',
      answers.map(({ worker, text }) => ({ labels: { worker }, value: text === null ? 0 : 1 })),
    ),
    counter(
      'maque_keeper_worker_exits_total',
      'Workers that ended, by cause.',
      // All of them from the start: a series that begins at 1 has not grown, and the first death would be nobody's.
      EXIT_CAUSES.map((cause) => ({ labels: { cause }, value: exits.get(cause) ?? 0 })),
    ),
    counter(
      'maque_keeper_rescued_connections_total',
      'Connections saved from a worker that died before it took them.',
      [{ value: rescuedConnections }],
    ),
    counter('maque_keeper_bus_dropped_total', 'Notices between workers that were not passed on.', [
      { labels: { reason: 'rate' }, value: busDropped.rate },
      { labels: { reason: 'slow' }, value: busDropped.slow },
    ]),
  ];
}

/** What became of the alerts of a keeper that sends any. */
export function alertMetrics({ open, channels }: AlerterState): Metric[] {
  const ofChannels = (field: 'sent' | 'failures' | 'lost' | 'queued') =>
    // Two groups of one kind are told apart by their place in the settings.
    channels.map(({ channel, [field]: value }, index) => ({
      labels: { channel, number: String(index + 1) },
      value,
    }));
  return [
    gauge('maque_keeper_alerts_open', 'Alerts that are raised and not over.', [{ value: open.length }]),
    gauge('maque_keeper_alerts_queued', 'Messages that wait for their channel.', ofChannels('queued')),
    counter('maque_keeper_alerts_sent_total', 'Messages that a channel has taken.', ofChannels('sent')),
    counter('maque_keeper_alert_failures_total', 'Tries that failed.', ofChannels('failures')),
    counter('maque_keeper_alerts_lost_total', 'Messages given up.', ofChannels('lost')),
  ];
}

function workersByState({ processes }: SystemStatus): Samples {
  return STATES.map((state) => ({
    labels: { state },
    value: processes.filter((one) => one.role === 'worker' && one.state === state).length,
  }));
}

function ofProcesses({ processes }: SystemStatus, field: 'budget' | 'pss' | 'rss'): Samples {
  return processes.flatMap(({ id, [field]: value }) =>
    value === null ? [] : { labels: { process: id }, value },
  );
}

function gauge(name: string, help: string, samples: Samples): Metric {
  return { type: 'gauge', name, help, samples };
}

function counter(name: string, help: string, samples: Samples): Metric {
  return { type: 'counter', name, help, samples };
}

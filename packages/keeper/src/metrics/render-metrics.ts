import { type Metric, PROMETHEUS_CONTENT_TYPE, renderPrometheus } from '@maque/guard';
import type { AlerterState } from '@maque/guard/alert';
import { boxMetrics } from '../box/box-metrics.ts';
import type { MetricsAnswer } from '../control/control-routes.ts';
import type { BoxDuty } from '../duties/box-duty.ts';
import type { PoolCounters } from '../process/worker-pool.ts';
import type { WorkerProcess } from '../process/worker-process.ts';
import { type StatusSource, systemStatus } from '../status/system-status.ts';
import { alertMetrics, keeperMetrics } from './keeper-metrics.ts';
import { mergeExpositions } from './merge-exposition.ts';

// A worker whose event loop is late by this much has its own alarm; a scraper waits 10 s at most.
const ANSWER_TIMEOUT_MS = 1_000;

/** Everything there is to scrape: what the keeper sees, and what each worker that serves says of itself. */
export async function renderMetrics(
  source: StatusSource,
  counters: PoolCounters,
  box: Pick<BoxDuty, 'view' | 'level'>,
  alerts: AlerterState | undefined,
): Promise<MetricsAnswer> {
  const answers = await Promise.all(servingWorkers(source).map(askWorker));
  const own: Metric[] = [
    ...keeperMetrics(systemStatus(source), counters, answers),
    ...(box.view === null ? [] : boxMetrics(box.view, box.level)),
    ...(alerts === undefined ? [] : alertMetrics(alerts)),
  ];
  const theirs = answers.map(({ worker, text }) => ({ worker, text: text ?? '' }));
  return { text: renderPrometheus(own) + mergeExpositions(theirs), contentType: PROMETHEUS_CONTENT_TYPE };
}

function servingWorkers({ policyState, workers }: StatusSource): WorkerProcess[] {
  const serving = policyState.workers.filter(({ phase }) => phase === 'ready' || phase === 'draining');
  return serving.flatMap(({ id }) => workers.get(id) ?? []);
}

async function askWorker(worker: WorkerProcess): Promise<{ worker: string; text: string | null }> {
  return { worker: worker.id, text: await worker.askMetrics(ANSWER_TIMEOUT_MS) };
}

import {
  type Alerter,
  type AlerterState,
  type AlertOptions,
  createAlerter,
  createBoxCpuReader,
  type Death,
  type DeliveryReport,
} from '@maque/guard/alert';
import { type Milliseconds, SECOND } from '@maque/kit';
import type { EventLog } from '../event-log.ts';
import { describeExit, type ExitCause, type ExitCauseCode } from '../process/exit-cause.ts';
import type { WorkerProcess } from '../process/worker-process.ts';

import { heartbeatFacts, sharedBox } from './heartbeat-facts.ts';

/** What alerts look at. */
export interface AlertSources {
  readonly workers: ReadonlyMap<string, WorkerProcess>;
  readonly log: EventLog;
}

export interface RunningAlerts {
  state(): AlerterState;
  stop(): void;
}

// Heartbeats come every second; the shortest rule holds for ten. A look takes 0.15 ms, most of it the CPU times.
const INTERVAL_MS: Milliseconds = 2 * SECOND;

// What the keeper does on purpose, and workers that finished late.
const ASKED_FOR = new Set<ExitCauseCode>(['RECYCLED', 'STOPPED', 'DRAIN_TIMEOUT']);

/**
 * Watches all workers together from now on, so that what strikes several is told once.
 * @throws CodedError `ALERT_…` naming the option that is wrong.
 */
export function startAlerts(options: AlertOptions, { workers, log }: AlertSources): RunningAlerts {
  const alerter = createAlerter(options, { onDelivery: (report) => noteDelivery(log, report) });
  const readCpu = createBoxCpuReader();
  const deaths = deathReader(log, alerter);
  const timer = setInterval(() => {
    const told = [...workers.values()].map(({ id, status }) => ({ id, status }));
    alerter.observe({
      processes: told.map(({ id, status }) => heartbeatFacts(id, status)),
      box: sharedBox(
        told.map(({ status }) => status),
        readCpu(),
      ),
      deaths: deaths(),
    });
  }, INTERVAL_MS);
  timer.unref();
  return {
    state: () => alerter.state(),
    stop() {
      clearInterval(timer);
      alerter.stop();
    },
  };
}

/** Answers the deaths since it was asked last. */
function deathReader(log: EventLog, { language }: Alerter): () => Death[] {
  let seen = 0;
  return () => {
    const events = log.after(seen);
    seen = events.at(-1)?.seq ?? seen;
    return events.flatMap(({ code, data }) => {
      if (code !== 'WORKER_EXITED') return [];
      const exit = data.exit as ExitCause;
      if (ASKED_FOR.has(exit.cause)) return [];
      return { process: String(data.worker), cause: describeExit(exit, language) };
    });
  };
}

function noteDelivery(log: EventLog, { channel, outcome, message, error }: DeliveryReport): void {
  const { title } = message;
  if (outcome === 'sent') log.add('ALERT_SENT', { channel, title });
  else log.add('ALERT_LOST', { channel, title, reason: error?.data.reason ?? error?.code ?? 'QUEUE_FULL' });
}

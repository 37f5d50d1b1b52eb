import {
  type AlerterState,
  type AlertOptions,
  createAlerter,
  createBoxCpuReader,
  type DeliveryReport,
} from '@maque/guard/alert';
import { type Milliseconds, SECOND } from '@maque/kit';
import type { EventLog } from '../event-log.ts';
import type { KeeperEvent } from '../keeper-events.ts';
import type { WorkerProcess } from '../process/worker-process.ts';
import { EventFactsReader } from './event-facts.ts';
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

/**
 * Watches all workers together from now on, so that what strikes several is told once.
 * @throws CodedError `ALERT_…` naming the option that is wrong.
 */
export function startAlerts(options: AlertOptions, { workers, log }: AlertSources): RunningAlerts {
  const alerter = createAlerter(options, { onDelivery: (report) => noteDelivery(log, report) });
  const readCpu = createBoxCpuReader();
  const happened = newEvents(log);
  const reader = new EventFactsReader(alerter.language);
  const timer = setInterval(() => {
    const told = [...workers.values()].map(({ id, status }) => ({ id, status }));
    const { boxNote, ...events } = reader.read(happened());
    const box = sharedBox(
      told.map(({ status }) => status),
      readCpu(),
    );
    alerter.observe({
      processes: told.map(({ id, status }) => heartbeatFacts(id, status)),
      box: box === null ? null : { ...box, note: boxNote },
      ...events,
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

/** Answers the events since it was asked last. What an earlier keeper left in the log was its to tell. */
function newEvents(log: EventLog): () => readonly KeeperEvent[] {
  let seen = log.after(0).at(-1)?.seq ?? 0;
  return () => {
    const events = log.after(seen);
    seen = events.at(-1)?.seq ?? seen;
    return events;
  };
}

function noteDelivery(log: EventLog, { channel, outcome, message, error }: DeliveryReport): void {
  const { title } = message;
  if (outcome === 'sent') log.add('ALERT_SENT', { channel, title });
  else log.add('ALERT_LOST', { channel, title, reason: error?.data.reason ?? error?.code ?? 'QUEUE_FULL' });
}

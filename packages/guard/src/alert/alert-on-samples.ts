import { type Milliseconds, SECOND, systemClock } from '@maque/kit';
import type { WorkerStatus } from '../export/state.ts';
import { factsOf } from './alert-facts.ts';
import type { AlertOptions } from './alert-options.ts';
import { type Alerter, type AlerterSurroundings, createAlerter } from './alerter.ts';
import { createBoxCpuReader } from './box-cpu.ts';

/** Where samples come from: a guard. */
export interface SampleSource {
  onSample(listener: (status: WorkerStatus) => void): () => void;
}

/** What else is known when a sample is looked at. */
export interface SampleAlertOptions extends AlerterSurroundings {
  /** How far ahead forecasts look; 30 minutes unless told. */
  readonly horizonMs?: Milliseconds;
}

// Samples come twice a second under load. Asking for the CPU times takes 0.13 ms, so every two seconds 0.007 % of a core.
const INTERVAL_MS: Milliseconds = 2 * SECOND;

/**
 * Alerts for one process that watches itself. A process that is blocked or killed cannot tell of it: that takes a keeper.
 * @throws CodedError as `createAlerter`.
 */
export function alertOnSamples(
  samples: SampleSource,
  options: AlertOptions,
  { horizonMs, ...surroundings }: SampleAlertOptions = {},
): Alerter {
  const { clock = systemClock } = surroundings;
  const alerter = createAlerter(options, surroundings);
  const readCpu = createBoxCpuReader();
  let observedMs = Number.NEGATIVE_INFINITY;
  const end = samples.onSample((status) => {
    const now = clock.monotonic();
    if (now - observedMs < INTERVAL_MS) return;
    observedMs = now;
    const { process: own, box } = factsOf(`pid ${process.pid}`, status);
    alerter.observe({
      processes: [own],
      box: { ...box, cpu: readCpu() },
      ...(horizonMs === undefined ? {} : { horizonMs }),
    });
  });
  return {
    language: alerter.language,
    observe: (facts) => alerter.observe(facts),
    state: () => alerter.state(),
    stop() {
      end();
      alerter.stop();
    },
  };
}

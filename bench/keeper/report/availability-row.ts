import { show } from '../../report/figures.ts';
import type { TrafficWindow } from '../load/traffic-plan.ts';
import { availabilityOf, failedOf, requestsOf } from '../load/traffic-recorder.ts';
import type { Row } from '../scenarios/scenario.ts';
import { failureExample } from './failure-example.ts';

/** Of the requests that were due, those answered right and within 5 s. */
export const AVAILABILITY_GOAL = 0.9995;

/** A share of requests, held against the goal, with what most of the others met. */
export function availabilityRow(what: string, window: Pick<TrafficWindow, 'counts' | 'failures'>): Row {
  const availability = availabilityOf(window.counts);
  const failed = `${show.count(failedOf(window.counts))} of ${show.count(requestsOf(window.counts))} failed`;
  return {
    what,
    wanted: `≥ ${percent(AVAILABILITY_GOAL)}`,
    measured: `${percent(availability)} (${failed}${failureExample(window)})`,
    met: availability >= AVAILABILITY_GOAL,
  };
}

/** Never rounded up to a goal that was missed. */
export function percent(share: number): string {
  return `${(Math.floor(share * 1e5) / 1e3).toString()} %`;
}

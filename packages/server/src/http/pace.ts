import type { Guard, Metric } from '@maque/guard';
import { type Clock, type Milliseconds, SECOND } from '@maque/kit';
import { LatencyGoal, type SlownessLevel } from './latency-goal.ts';
import { RouteTimes } from './route-times.ts';

/** How fast a server answers, and what it does about it. */
export interface Pace {
  readonly latency: LatencyGoal;
  readonly routeTimes: RouteTimes;
  metrics(): Metric[];
}

export interface PaceOptions {
  readonly settings: { readonly latencyGoal: Milliseconds };
  readonly guard: Pick<Guard, 'meter'>;
  readonly clock: Clock;
}

const LEVELS: Readonly<Record<SlownessLevel, number>> = { none: 0, lean: 1, shedding: 2 };

export function createPace({ settings, guard, clock }: PaceOptions): Pace {
  const goalMs = settings.latencyGoal;
  const latency = new LatencyGoal({ goalMs, utilization: createUtilization(), clock });
  const routeTimes = new RouteTimes();
  return {
    latency,
    routeTimes,
    metrics: () => [
      gauge(
        'maque_latency_goal_seconds',
        'Time within which 95 of 100 requests are to be answered',
        goalMs / SECOND,
      ),
      gauge(
        'maque_latency_level',
        '0 met, 1 without optional work, 2 with fewer requests at once',
        LEVELS[latency.level],
      ),
      gauge('maque_latency_places_ratio', 'Of the places for requests, how many it leaves', latency.share),
      ...routeTimes.metrics(guard.meter.routes().map(({ route }) => route)),
    ],
  };
}

/** How busy the event loop was since it was asked last, 0 to 1. */
function createUtilization(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}

function gauge(name: string, help: string, value: number): Metric {
  return { type: 'gauge', name, help, samples: [{ value }] };
}

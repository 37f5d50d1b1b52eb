import { MINUTE, type Milliseconds, SECOND } from '@maque/kit';

/** Rules on what happens and is over: told, counted, and never told to be over. Only a keeper sees it. */
export const INCIDENT_RULES = ['hang', 'oom-kill', 'over-memory', 'deploy', 'attention'] as const;
export type IncidentRule = (typeof INCIDENT_RULES)[number];

export type RuleName =
  | 'leak'
  | 'slow-leak'
  | 'heap'
  | 'box-memory'
  | 'memory-stall'
  | 'cpu'
  | 'latency'
  | 'restarts'
  | IncidentRule;

/** When a rule speaks. Values are shares but for `latency` (ms), and counts for `restarts` and incidents. */
export interface RuleLimits {
  /** An alert begins at this value … */
  readonly warning: number;
  /** … and is urgent from this one on: it does not wait for the end of quiet hours. Infinity: never. */
  readonly critical: number;
  /** It is over below this value, well away from where it began. */
  readonly clear: number;
  /** How long the value must be up, time in which it is not counted against; likewise for the end. */
  readonly forMs: Milliseconds;
  readonly clearForMs: Milliseconds;
}

// The service went on, for the keeper saw to it: nobody has to get up. Three in a window are no accident.
const INCIDENT: RuleLimits = { warning: 1, critical: 3, clear: 1, forMs: 0, clearForMs: 0 };

export const DEFAULT_LIMITS: Readonly<Record<RuleName, RuleLimits>> = Object.freeze({
  // The detector's threshold, at which half an hour is what is left: always urgent. Two evaluations must agree; after a
  // false alarm the probability falls at once, after a restart it is known again within minutes.
  leak: { warning: 0.9, critical: 0.9, clear: 0.5, forMs: 10 * SECOND, clearForMs: 5 * MINUTE },
  // A day is time enough to look in the morning. Its detector already waits for two evaluations of five minutes.
  'slow-leak': { warning: 0.9, critical: Infinity, clear: 0.5, forMs: 10 * SECOND, clearForMs: 30 * MINUTE },
  // Runs driven into their heap limit died at 0.91 to 0.99 of it; below 0.85 V8 collects without hurry.
  heap: { warning: 0.85, critical: 0.92, clear: 0.75, forMs: 30 * SECOND, clearForMs: 2 * MINUTE },
  // earlyoom asks processes to end at 0.90 and kills at 0.95.
  'box-memory': { warning: 0.9, critical: 0.95, clear: 0.85, forMs: 30 * SECOND, clearForMs: 2 * MINUTE },
  // systemd-oomd kills at 0.6 over 30 s; a box that swaps itself to death passes 0.1 long before.
  'memory-stall': { warning: 0.1, critical: 0.4, clear: 0.02, forMs: 20 * SECOND, clearForMs: 2 * MINUTE },
  // Above 0.8 queues grow faster than they drain. Five minutes are no deployment and no import any more.
  cpu: { warning: 0.8, critical: Infinity, clear: 0.6, forMs: 5 * MINUTE, clearForMs: 5 * MINUTE },
  // A second is what people notice as waiting. The 95th percentile is that of ten seconds, so two minutes are a dozen.
  latency: {
    warning: SECOND,
    critical: Infinity,
    clear: SECOND / 2,
    forMs: 2 * MINUTE,
    clearForMs: 5 * MINUTE,
  },
  // One death heals itself unseen; three in a window are a pattern, six a loop. The window is the hysteresis: over
  // when it has become empty.
  restarts: { warning: 3, critical: 6, clear: 1, forMs: 0, clearForMs: 0 },
  hang: INCIDENT,
  'oom-kill': INCIDENT,
  'over-memory': INCIDENT,
  // What served before serves on, and whoever deployed it looks.
  deploy: { ...INCIDENT, critical: Infinity },
  // The app itself asks for an operator, once for each matter; what it costs to wait it does not say.
  attention: { ...INCIDENT, critical: Infinity },
});

export const RULE_NAMES = Object.keys(DEFAULT_LIMITS) as readonly RuleName[];

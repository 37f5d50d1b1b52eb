import { type Clock, type Milliseconds, SECOND } from '@maque/kit';
import type { AlertFacts } from './alert-facts.ts';
import { type AlertEvent, advance, begin, type Condition, type Step } from './condition.ts';
import { withoutEchoes } from './echoes.ts';
import { type Reading, readingsOf } from './readings.ts';
import { RecentDeaths } from './recent-deaths.ts';
import { RecentExaminations } from './recent-examinations.ts';
import { RecentIncidents } from './recent-incidents.ts';
import { INCIDENT_RULES, type RuleLimits, type RuleName } from './rules.ts';

/** Limits of the rules that are on. */
export type ActiveRules = Partial<Readonly<Record<RuleName, RuleLimits>>>;

export interface ConditionOptions {
  readonly rules: ActiveRules;
  readonly restartWindowMs: Milliseconds;
  readonly reminderMs: Milliseconds;
  readonly clock: Clock;
}

// Four rules that may hold at once for each of 64 workers, the most that a keeper keeps.
const MOST_CONDITIONS = 256;

// Facts come every ten seconds at least. A longer gap means that nobody looked (a suspended machine, a blocked process),
// and what was true before and after it need not have been true within.
const LONGEST_STEP_MS: Milliseconds = 30 * SECOND;

/** Everything that holds now, or may soon: facts in, what there is to tell out. */
export class Conditions {
  readonly #options: ConditionOptions;
  readonly #deaths: RecentDeaths;
  readonly #incidents: RecentIncidents;
  readonly #examinations = new RecentExaminations();
  readonly #conditions = new Map<string, Condition>();
  #lastMs: Milliseconds | undefined;

  constructor(options: ConditionOptions) {
    this.#options = options;
    this.#deaths = new RecentDeaths(options.restartWindowMs);
    this.#incidents = new RecentIncidents(options.restartWindowMs);
  }

  /** Those that were told and are not over, oldest first. */
  raised(): Condition[] {
    return [...this.#conditions.values()].filter(({ isRaised }) => isRaised);
  }

  observe(facts: AlertFacts): AlertEvent[] {
    const { clock, reminderMs } = this.#options;
    const nowMs = clock.monotonic();
    const elapsedMs = Math.min(LONGEST_STEP_MS, nowMs - (this.#lastMs ?? nowMs));
    this.#lastMs = nowMs;
    for (const death of facts.deaths ?? []) this.#deaths.add(death, nowMs);
    for (const incident of facts.incidents ?? []) this.#incidents.add(incident, nowMs);
    for (const examination of facts.examinations ?? []) this.#examinations.add(examination, nowMs);
    const readings = readingsOf(facts, {
      deaths: this.#deaths.count(nowMs),
      incidents: this.#incidents.counts(nowMs),
      examinations: this.#examinations.recent(nowMs),
    });
    const before = this.raised();
    const events = this.#step(readings, { wallMs: clock.now(), nowMs, elapsedMs, reminderMs });
    return withoutEchoes(events.filter(isWorthTelling), before, this.raised());
  }

  #step(readings: readonly Reading[], step: Step): AlertEvent[] {
    const events: AlertEvent[] = [];
    const byKey = new Map(readings.map((reading) => [keyOf(reading), reading]));
    // What holds and is not read any more belongs to a process that is gone.
    for (const key of new Set([...this.#conditions.keys(), ...byKey.keys()])) {
      const event = this.#stepOne(key, byKey.get(key), step);
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  #stepOne(key: string, reading: Reading | undefined, step: Step): AlertEvent | undefined {
    const before = this.#conditions.get(key);
    const rule = before?.rule ?? reading?.rule;
    const limits = rule === undefined ? undefined : this.#options.rules[rule];
    if (limits === undefined) return undefined;
    const next =
      before !== undefined
        ? advance(before, reading, limits, step)
        : reading !== undefined && this.#conditions.size < MOST_CONDITIONS
          ? begin(reading, limits, step)
          : undefined;
    if (next?.condition === undefined) this.#conditions.delete(key);
    else this.#conditions.set(key, next.condition);
    return next?.event;
  }
}

/** What happened is not over when it has not happened again for a while. */
function isWorthTelling({ rule, kind }: AlertEvent): boolean {
  return kind !== 'recovered' || !INCIDENT_RULES.some((incident) => incident === rule);
}

function keyOf({ rule, process }: Pick<Reading, 'rule' | 'process'>): string {
  return `${rule}/${process ?? ''}`;
}

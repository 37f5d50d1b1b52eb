import type { Milliseconds } from '@maque/kit';
import type { Evidence, Reading } from './readings.ts';
import type { RuleLimits, RuleName } from './rules.ts';

export type Severity = 'warning' | 'critical';

/**
 * What there is to tell of a condition. `worse`: it has become urgent. `clue`: what was said of it first had no note,
 * and now there is one; or the process has examined itself since.
 */
export type AlertKind = 'raised' | 'worse' | 'clue' | 'reminder' | 'recovered';

/** One thing to tell. Times are wall-clock, durations are measured. */
export interface AlertEvent {
  readonly kind: AlertKind;
  readonly rule: RuleName;
  /** Null for the box, or for all processes together. */
  readonly process: string | null;
  readonly severity: Severity;
  /** Null when it is not measured any more: its process is gone, or has nothing to do. */
  readonly value: number | null;
  readonly threshold: number;
  readonly peak: number;
  readonly atMs: number;
  readonly sinceMs: number;
  readonly durationMs: Milliseconds;
  /** What stands behind the value now, and behind the first one. */
  readonly evidence: Evidence;
  readonly firstEvidence: Evidence;
  readonly note: string | null;
  /** Whether the note is what the process found out about itself. */
  readonly isExamined: boolean;
}

/** A condition that holds, or may soon. Whatever holds nowhere has none. Times are monotonic. */
export interface Condition {
  readonly rule: RuleName;
  readonly process: string | null;
  readonly isRaised: boolean;
  readonly severity: Severity;
  readonly sinceMs: number;
  readonly beganMs: Milliseconds;
  /** How long the value has been up, urgently so, and down again: time against is taken off, so a blip decides nothing. */
  readonly upMs: Milliseconds;
  readonly urgentMs: Milliseconds;
  readonly downMs: Milliseconds;
  readonly toldMs: Milliseconds;
  readonly peak: number;
  readonly evidence: Evidence;
  readonly firstEvidence: Evidence;
  readonly note: string | null;
  readonly isExamined: boolean;
}

/** The moment of a step, and the time since the one before. */
export interface Step {
  readonly wallMs: number;
  readonly nowMs: Milliseconds;
  readonly elapsedMs: Milliseconds;
  readonly reminderMs: Milliseconds;
}

export interface Stepped {
  readonly condition: Condition | undefined;
  readonly event?: AlertEvent;
}

/** A condition begins when a value reaches the rule's first threshold. */
export function begin(reading: Reading, limits: RuleLimits, step: Step): Stepped {
  if (reading.value < limits.warning) return { condition: undefined };
  const { rule, process, value, evidence, note, isExamined } = reading;
  const condition: Condition = {
    rule,
    process,
    isRaised: false,
    severity: 'warning',
    sinceMs: step.wallMs,
    beganMs: step.nowMs,
    upMs: 0,
    urgentMs: 0,
    downMs: 0,
    toldMs: step.nowMs,
    peak: value,
    evidence,
    firstEvidence: evidence,
    note,
    isExamined,
  };
  return advance(condition, reading, limits, { ...step, elapsedMs: 0 });
}

/**
 * What becomes of a condition. At most one event a step: it is raised once, and recovers once if it was raised.
 * @param reading undefined when the value is not known any more, which counts as well.
 */
export function advance(
  before: Condition,
  reading: Reading | undefined,
  limits: RuleLimits,
  step: Step,
): Stepped {
  const value = reading?.value ?? null;
  const condition = measured(before, reading, limits, step);
  if (!condition.isRaised) {
    if (condition.upMs < 0) return { condition: undefined };
    return isUp(value, limits) && condition.upMs >= limits.forMs
      ? tell({ ...condition, isRaised: true }, 'raised', value, limits, step)
      : { condition };
  }
  if (isDown(value, limits) && condition.downMs >= limits.clearForMs) {
    return { ...tell(condition, 'recovered', value, limits, step), condition: undefined };
  }
  if (condition.severity === 'critical' && before.severity === 'warning') {
    return tell(condition, 'worse', value, limits, step);
  }
  const isNews = before.note === null || (condition.isExamined && !before.isExamined);
  if (condition.note !== null && isNews) return tell(condition, 'clue', value, limits, step);
  if (step.nowMs - condition.toldMs >= step.reminderMs) {
    return tell(condition, 'reminder', value, limits, step);
  }
  return { condition };
}

function measured(
  before: Condition,
  reading: Reading | undefined,
  limits: RuleLimits,
  step: Step,
): Condition {
  const { elapsedMs } = step;
  const value = reading?.value ?? null;
  const isUrgent = value !== null && value >= limits.critical;
  const urgentMs = Math.max(0, before.urgentMs + (isUrgent ? elapsedMs : -elapsedMs));
  return {
    ...before,
    upMs: before.upMs + (isUp(value, limits) ? elapsedMs : -elapsedMs),
    urgentMs,
    downMs: Math.max(0, before.downMs + (isDown(value, limits) ? elapsedMs : -elapsedMs)),
    severity: isUrgent && urgentMs >= limits.forMs ? 'critical' : before.severity,
    peak: Math.max(before.peak, value ?? before.peak),
    evidence: reading?.evidence ?? before.evidence,
    ...noteOf(before, reading),
  };
}

/** What a process found out about itself stays, whatever is known of it besides. */
function noteOf(before: Condition, reading: Reading | undefined): Pick<Condition, 'note' | 'isExamined'> {
  const { note, isExamined } = before;
  if (isExamined && reading?.isExamined !== true) return { note, isExamined };
  return { note: reading?.note ?? note, isExamined: reading?.isExamined ?? isExamined };
}

function isUp(value: number | null, limits: RuleLimits): boolean {
  return value !== null && value >= limits.warning;
}

function isDown(value: number | null, limits: RuleLimits): boolean {
  return value === null || value < limits.clear;
}

function tell(
  condition: Condition,
  kind: AlertKind,
  value: number | null,
  limits: RuleLimits,
  { wallMs, nowMs }: Step,
): Stepped {
  const { rule, process, severity, sinceMs, beganMs, peak, evidence, firstEvidence, note, isExamined } =
    condition;
  const event: AlertEvent = {
    kind,
    rule,
    process,
    severity,
    value,
    threshold: limits.warning,
    peak,
    atMs: wallMs,
    sinceMs,
    durationMs: nowMs - beganMs,
    evidence,
    firstEvidence,
    note,
    isExamined,
  };
  return { condition: { ...condition, toldMs: nowMs }, event };
}

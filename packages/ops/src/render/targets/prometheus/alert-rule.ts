import type { Text } from '@maque/kit';
import type { Meaning } from '../../meaning.ts';
import type { Watched } from './watched.ts';

export type AlertSeverity = 'warning' | 'critical';

/** How bad it must be, and for how long. */
export interface AlertLevel {
  readonly severity: AlertSeverity;
  readonly limit: number;
  /** What is over sooner is not told. 0: at once. */
  readonly forMinutes: number;
  /** How the limit came about, where it comes from the plan. */
  readonly formula?: string;
}

/** A series of the tests: its name with labels, and its values in promtool's short form, one every two minutes. */
export type ExampleSeries = readonly [series: string, values: string];

/** How the value is written in a message. */
export type ValueUnit = 'share' | 'bytes' | 'seconds' | 'number';

/**
 * One matter to be told of. The expression is a measure and a limit, so that the tests can produce a value on either
 * side of the limit, and the message can say the value.
 */
export interface AlertRule {
  /** Told in messages and named in silences: for ever. */
  readonly name: string;
  /** PromQL with one value for each thing that can be in trouble. */
  readonly measure: string;
  readonly alarmsWhen: 'above' | 'below';
  /** None where the plan has nothing of the kind. */
  levels(watched: Watched): readonly AlertLevel[];
  /** What must hold besides, such as enough requests to speak of a share. */
  readonly guard?: string;
  readonly unit: ValueUnit;
  /** What happens, in a line on a phone: `{value}` and labels such as `{worker}` are filled in by Prometheus. */
  readonly summary: Text;
  /** What to do first. */
  readonly advice: Text;
  /** The page of the guide, with the part of it in each language. */
  readonly guide: Text;
  readonly meaning: Omit<Meaning, 'id'>;
  /** Series of which the measure becomes the value. */
  example(value: number): readonly ExampleSeries[];
}

/** Eighty minutes: the longest window of a rule, and as long as one waits after it. */
export const EXAMPLE_STEP_MINUTES = 2;
export const EXAMPLE_STEPS = 40;

/** A series that stays. */
export function steady(series: string, value: number): ExampleSeries {
  return [series, `${plain(value)}+0x${EXAMPLE_STEPS}`];
}

/** A series that grows by so much a minute. */
export function rising(series: string, perMinute: number, start = 0): ExampleSeries {
  const step = perMinute * EXAMPLE_STEP_MINUTES;
  return [series, `${plain(start)}${step < 0 ? '-' : '+'}${plain(Math.abs(step))}x${EXAMPLE_STEPS}`];
}

function plain(value: number): string {
  return String(Number(value.toPrecision(8)));
}

import type { MachineFacts } from '../../measure/machine.ts';
import type { ContenderName } from '../contenders/contender.ts';
import type { Row } from '../scenarios/scenario.ts';

/** What one contender made of one scenario. */
export interface ContenderOutcome {
  readonly contender: ContenderName;
  readonly rows: readonly Row[];
  /** Everything that was measured. */
  readonly details: unknown;
  /** Why it broke off, if it did. */
  readonly error?: string;
}

export interface ScenarioOutcome {
  readonly name: string;
  readonly title: string;
  readonly outcomes: readonly ContenderOutcome[];
}

export interface KeeperBenchResult {
  readonly machine: MachineFacts;
  /** The length that was asked for; scenarios have their own otherwise. */
  readonly seconds: number | null;
  readonly contenders: readonly { readonly name: ContenderName; readonly title: string }[];
  readonly scenarios: readonly ScenarioOutcome[];
}

/** Whether Maque did all that is demanded; nothing is demanded of the others. */
export function isMet({ scenarios }: KeeperBenchResult): boolean {
  const ours = scenarios.flatMap(({ outcomes }) => outcomes.filter(({ contender }) => contender === 'maque'));
  return ours.every(({ rows, error }) => error === undefined && rows.every(({ met }) => met));
}

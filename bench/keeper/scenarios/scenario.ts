import type { Bytes } from '@maque/kit';
import type { Goal } from '../../report/goal.ts';
import type { Workshop } from '../../runs/workshop.ts';
import type { Contender } from '../contenders/contender.ts';

/** What a scenario is run with. */
export interface Scene {
  readonly workshop: Workshop;
  readonly contender: Contender;
  /** How long each measured part takes; what the scenario thinks right unless asked. */
  readonly seconds: number | undefined;
  /** What all processes of the service may take, unless asked what the scenario thinks right. */
  readonly memory: Bytes | undefined;
  /** Of a scenario with cases those with this in their names; all unless asked. */
  readonly only: string | undefined;
  /** Tells how it goes. */
  readonly say: (line: string) => void;
}

/** The rows that a scenario has of one contender; the same `what` for all of them. */
export type Row = Goal;

export interface ScenarioResult {
  readonly rows: readonly Row[];
  /** Everything that was measured, for the JSON file. */
  readonly details: unknown;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  run(scene: Scene): Promise<ScenarioResult>;
}

/** A figure that nothing is demanded of. */
export function figure(what: string, measured: string): Row {
  return { what, wanted: '', measured, met: true };
}

/** Something demanded that this contender has no way to do, or not yet. */
export function notSupported(what: string, why?: string): Row {
  return {
    what,
    wanted: '',
    measured: why === undefined ? 'not supported' : `not supported: ${why}`,
    met: false,
  };
}

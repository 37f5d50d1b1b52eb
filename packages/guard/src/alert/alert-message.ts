import type { AlertEvent, AlertKind, Severity } from './condition.ts';

/** Where alerts come from, so that a group with several servers in it can tell them apart. */
export interface AlertSource {
  readonly app: string;
  readonly environment: string;
  readonly host: string;
}

/** One message, the same for every channel; each puts it into its own form. */
export interface AlertMessage {
  /** The same however often it is tried. */
  readonly id: string;
  readonly kind: AlertKind | 'digest' | 'test';
  readonly severity: Severity;
  readonly source: AlertSource;
  readonly atMs: number;
  /** One line. */
  readonly title: string;
  /** The lines below it. */
  readonly text: string;
  readonly events: readonly AlertEvent[];
}

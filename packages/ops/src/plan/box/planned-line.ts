import type { Bytes } from '@maque/kit';
import type { BudgetLine } from '../budget.ts';

/** One term of the sum of a box. */
export interface PlannedLine extends BudgetLine {
  /** The service that it belongs to; null for the system, the reserve and what is free. */
  readonly service: string | null;
  /** How far off `bytes` may be, either way, by what was measured; 0 for a bound that is kept by force. */
  readonly errorBytes: Bytes;
}

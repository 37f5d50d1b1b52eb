import type { Bytes } from '@maque/kit';
import type { PlanRequest } from './box-request.ts';
import type { PlannedLine } from './planned-line.ts';
import type { PlannedService } from './planned-service.ts';

/** A sum that fits: `lines` add up to `box.memoryBytes` to the byte. */
export interface BoxPlan {
  readonly fits: true;
  readonly request: PlanRequest;
  /** The system, every service, the reserve, and what is left over. */
  readonly lines: readonly PlannedLine[];
  readonly services: readonly PlannedService[];
  /** Left for the kernel's page cache and for bursts. */
  readonly reserveBytes: Bytes;
  readonly freeBytes: Bytes;
}

/** What would make it fit without any of the other changes. */
export type BoxChange =
  /** Take this service off the box: the smallest whose going is enough. */
  | { readonly code: 'MOVE_OUT'; readonly service: string; readonly freesBytes: Bytes }
  /** Where no single one is enough: as few of them as do it. */
  | { readonly code: 'MOVE_OUT_SEVERAL'; readonly services: readonly string[]; readonly freesBytes: Bytes }
  /** Ask for less of what was told: `what` is the path in the service's request, `most` the largest value that fits. */
  | { readonly code: 'ASK_LESS'; readonly service: string; readonly what: string; readonly most: number }
  /** The budget that was told for this service is too small for what else was told of it: `least` is enough. */
  | {
      readonly code: 'ASK_MORE';
      readonly service: string;
      readonly what: 'memoryBytes';
      readonly least: Bytes;
    }
  | { readonly code: 'BIGGER_BOX'; readonly memoryBytes: Bytes };

/** A sum that does not fit even with every part at its least; `lines` add up to `neededBytes`. */
export interface BoxMisfit {
  readonly fits: false;
  /** The service whose told budget is too small for its own workers: the sum is its alone. Null: it is the box. */
  readonly within: string | null;
  readonly request: PlanRequest;
  readonly lines: readonly PlannedLine[];
  readonly neededBytes: Bytes;
  /** Of the box, or of the told budget. */
  readonly availableBytes: Bytes;
  /** What was told first, then what runs elsewhere, then another box. */
  readonly changes: readonly BoxChange[];
}

import type { Bytes } from '@maque/kit';
import type { BoxRequest, PlanRequest } from './box-request.ts';
import type { PlannedLine } from './planned-line.ts';
import type { PlannedOf } from './planned-service.ts';
import type { RequestOf, ServiceKind } from './service-request.ts';

/** What a service needs at least, and how much of the rest it makes good use of. */
export interface ServiceDemand {
  /** Below this it does not work. */
  readonly floorBytes: Bytes;
  /** Above this it gains nothing worth having. */
  readonly ceilingBytes: Bytes;
  /** Its part of what is left when all floors are met, relative to the other services. */
  readonly weight: number;
  /** Of the least, what is kept back for page cache and bursts; nothing unless said. */
  readonly keptBackBytes?: Bytes;
}

/** What a service got out of the box, with the terms of the sum that hold it to that. */
export interface ServiceShare<Kind extends ServiceKind> {
  readonly planned: PlannedOf<Kind>;
  /** They add up to `planned.budgetBytes`, which is never more than was offered. */
  readonly lines: readonly PlannedLine[];
}

/** The rest of the plan, as far as one service depends on it. */
export interface ServiceSurroundings {
  readonly box: BoxRequest;
  readonly plan: PlanRequest;
}

/** What one kind of service takes, from its measured formula. One file each; all of them stand in `service-list.ts`. */
export interface ServiceModel<Kind extends ServiceKind> {
  readonly kind: Kind;
  /**
   * Its own settings hold it to its bound, so what was measured once says nothing of what it may come to. Of the
   * others the peak that was measured on the box takes the place of the estimate, where there is nothing to choose.
   */
  readonly boundBySettings: boolean;
  /** Paths in the request of numbers of which less may be asked to make it fit. */
  readonly reducible: readonly string[];
  demand(request: RequestOf<Kind>, around: ServiceSurroundings): ServiceDemand;
  /** @param offeredBytes at least the floor of its demand. */
  share(request: RequestOf<Kind>, offeredBytes: Bytes, around: ServiceSurroundings): ServiceShare<Kind>;
}

import { sumOfLines } from '../budget-lines.ts';
import type { BoxChange, BoxMisfit } from './box-plan.ts';
import type { PlanRequest } from './box-request.ts';
import { withService } from './change-services.ts';
import { crampedService } from './cramped-service.ts';
import { fitsBox, shareOf } from './demands.ts';
import { lessAsked } from './less-asked.ts';
import type { MaqueRequest } from './service-request.ts';
import { leastMaqueBytes } from './services/maque.ts';

/**
 * Why the told budget of a service is too small: its own sum at its least, and each single change that is enough. Without
 * any where the box would be too small as well.
 */
export function refuseBudget(service: MaqueRequest, request: PlanRequest): BoxMisfit {
  const { memoryBytes: toldBytes = 0, ...untold } = service;
  const leastBytes = leastMaqueBytes(service);
  const { lines } = shareOf(untold, leastBytes, withService(untold, request));
  return {
    fits: false,
    within: service.name,
    request,
    lines,
    neededBytes: sumOfLines(lines),
    availableBytes: toldBytes,
    changes: [...moreAsked(service, leastBytes, request), ...lessAsked(request, [service])],
  };
}

function moreAsked(service: MaqueRequest, least: number, request: PlanRequest): readonly BoxChange[] {
  const changed = withService({ ...service, memoryBytes: least }, request);
  if (!fitsBox(changed) || crampedService(changed) !== undefined) return [];
  return [{ code: 'ASK_MORE', service: service.name, what: 'memoryBytes', least }];
}

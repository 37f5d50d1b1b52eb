import type { Bytes } from '@maque/kit';
import { lineOf, sumOfLines } from '../budget-lines.ts';
import { freeMemory } from '../components/free-memory.ts';
import { reserve } from '../components/reserve.ts';
import { spread } from '../spread.ts';
import type { BoxMisfit, BoxPlan } from './box-plan.ts';
import type { PlanRequest } from './box-request.ts';
import { boxReserve, boxReserveFormula } from './box-reserve.ts';
import { refuseImpossible } from './check-request.ts';
import { crampedService } from './cramped-service.ts';
import { demandsOf, fitsBox, keptInside, shareOf } from './demands.ts';
import type { PlannedLine } from './planned-line.ts';
import { refuseBox } from './refuse-box.ts';
import { refuseBudget } from './refuse-budget.ts';
import { systemPart } from './system-part.ts';

/**
 * Shares out a box among the services that run on it. Pure: the same request gives the same plan.
 * What does not fit is refused with the whole sum; nothing is ever given less than its least.
 * @throws CodedError PLAN_REQUEST_INVALID where the request is no possible one, with everything that is wrong.
 */
export function planBox(request: PlanRequest): BoxPlan | BoxMisfit {
  refuseImpossible(request);
  const cramped = crampedService(request);
  if (cramped !== undefined) return refuseBudget(cramped, request);
  if (!fitsBox(request)) return refuseBox(request);
  const { memoryBytes } = request.box;
  const inside = keptInside(request);
  const reserveBytes = boxReserve(memoryBytes, inside);
  const system = systemPart(request);
  const shares = spread(demandsOf(request), memoryBytes - reserveBytes - (system?.floorBytes ?? 0));
  const shared = request.services.map((service) => shareOf(service, shares.of(service.name), request));
  const used: readonly PlannedLine[] = [
    ...(system === undefined ? [] : [ofTheBox(lineOf(system, 1), system.errorBytes)]),
    ...shared.flatMap(({ lines }) => lines),
    ofTheBox(lineOf(reserve(reserveBytes, boxReserveFormula(memoryBytes, inside)), 1)),
  ];
  const freeBytes = memoryBytes - sumOfLines(used);
  return {
    fits: true,
    request,
    lines: [...used, ofTheBox(lineOf(freeMemory(freeBytes), 1))],
    services: shared.map(({ planned }) => planned),
    reserveBytes,
    freeBytes,
  };
}

function ofTheBox(line: ReturnType<typeof lineOf>, errorBytes: Bytes = 0): PlannedLine {
  return { ...line, service: null, errorBytes };
}

import { lineOf, sumOfLines } from '../budget-lines.ts';
import { reserve } from '../components/reserve.ts';
import type { BoxChange, BoxMisfit } from './box-plan.ts';
import type { PlanRequest } from './box-request.ts';
import { boxReserveFormula } from './box-reserve.ts';
import { withoutServices } from './change-services.ts';
import { demandOn, fitsBox, keptInside, leastBox, leastUse, shareOf } from './demands.ts';
import { lessAsked } from './less-asked.ts';
import type { PlannedLine } from './planned-line.ts';
import { systemPart } from './system-part.ts';

/** Why it does not fit: every part at its least, and each single change that would be enough. */
export function refuseBox(request: PlanRequest): BoxMisfit {
  const neededBytes = leastBox(request);
  const system = systemPart(request);
  const used = [
    ...(system === undefined ? [] : [{ ...lineOf(system, 1), service: null, errorBytes: system.errorBytes }]),
    ...request.services.flatMap((service) => leastLines(service, request)),
  ];
  const reserved = lineOf(
    reserve(neededBytes - sumOfLines(used), boxReserveFormula(neededBytes, keptInside(request))),
    1,
  );
  return {
    fits: false,
    within: null,
    request,
    lines: [...used, { ...reserved, service: null, errorBytes: 0 }],
    neededBytes,
    availableBytes: request.box.memoryBytes,
    changes: [...lessAsked(request), ...toMoveOut(request), { code: 'BIGGER_BOX', memoryBytes: neededBytes }],
  };
}

function leastLines(service: PlanRequest['services'][number], request: PlanRequest): readonly PlannedLine[] {
  return shareOf(service, demandOn(service, request).floorBytes, request).lines;
}

/**
 * The smallest service whose going alone is enough; who is left may need less as well: a database fewer connections.
 * Nothing where nothing would be left: that is no advice.
 */
function toMoveOut(request: PlanRequest): readonly BoxChange[] {
  if (request.services.length === 1) return [];
  const needed = leastUse(request);
  const bySize = request.services
    .map(({ name }) => ({ service: name, freesBytes: needed - leastUse(withoutServices([name], request)) }))
    .sort((one, other) => one.freesBytes - other.freesBytes);
  const smallest = bySize.find(({ service }) => fitsBox(withoutServices([service], request)));
  if (smallest !== undefined) return [{ code: 'MOVE_OUT', ...smallest }];
  return severalToMoveOut(
    bySize.map(({ service }) => service),
    request,
  );
}

/** The largest together: so it takes the fewest. Nothing where all would have to go. */
function severalToMoveOut(bySize: readonly string[], request: PlanRequest): readonly BoxChange[] {
  for (let count = 2; count < bySize.length; count += 1) {
    const services = bySize.slice(-count);
    const rest = withoutServices(services, request);
    if (!fitsBox(rest)) continue;
    return [{ code: 'MOVE_OUT_SEVERAL', services, freesBytes: leastUse(request) - leastUse(rest) }];
  }
  return [];
}

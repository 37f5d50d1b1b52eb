import { lineOf, sumOfLines } from '../budget-lines.ts';
import { reserve } from '../components/reserve.ts';
import type { BoxChange, BoxMisfit } from './box-plan.ts';
import type { PlanRequest } from './box-request.ts';
import { demandOn, leastBox, leastUse, shareOf } from './demands.ts';
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
  const reserved = lineOf(reserve(neededBytes - sumOfLines(used)), 1);
  return {
    fits: false,
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

/** The smallest service whose going alone is enough. Who is left may need less as well: a database fewer connections. */
function toMoveOut(request: PlanRequest): readonly BoxChange[] {
  const needed = leastUse(request);
  const bySize = request.services
    .map(({ name }) => ({ service: name, freesBytes: needed - leastUse(without([name], request)) }))
    .sort((one, other) => one.freesBytes - other.freesBytes);
  const smallest = bySize.find(({ service }) => fits(without([service], request)));
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
    const rest = without(services, request);
    if (!fits(rest)) continue;
    return [{ code: 'MOVE_OUT_SEVERAL', services, freesBytes: leastUse(request) - leastUse(rest) }];
  }
  return [];
}

function fits(request: PlanRequest): boolean {
  return leastBox(request) <= request.box.memoryBytes;
}

function without(names: readonly string[], request: PlanRequest): PlanRequest {
  return { ...request, services: request.services.filter(({ name }) => !names.includes(name)) };
}

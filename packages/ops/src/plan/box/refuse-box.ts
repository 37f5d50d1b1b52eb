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
    changes: [
      ...lessAsked(request),
      ...smallestToMoveOut(request),
      { code: 'BIGGER_BOX', memoryBytes: neededBytes },
    ],
  };
}

function leastLines(service: PlanRequest['services'][number], request: PlanRequest): readonly PlannedLine[] {
  return shareOf(service, demandOn(service, request).floorBytes, request).lines;
}

/** The smallest service whose going alone is enough. Who is left may need less as well: a database fewer connections. */
function smallestToMoveOut(request: PlanRequest): readonly BoxChange[] {
  const needed = leastUse(request);
  const enough = request.services
    .map(({ name }) => ({ name, rest: without(name, request) }))
    .filter(({ rest }) => leastBox(rest) <= request.box.memoryBytes)
    .map(({ name, rest }) => ({ service: name, freesBytes: needed - leastUse(rest) }))
    .sort((one, other) => one.freesBytes - other.freesBytes);
  return enough.slice(0, 1).map((smallest) => ({ code: 'MOVE_OUT', ...smallest }));
}

function without(name: string, request: PlanRequest): PlanRequest {
  return { ...request, services: request.services.filter((service) => service.name !== name) };
}

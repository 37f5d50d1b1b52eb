import { MiB } from '@maque/kit';
import type { BoxChange } from './box-plan.ts';
import type { PlanRequest } from './box-request.ts';
import { withService } from './change-services.ts';
import { checkRequest } from './check-request.ts';
import { crampedService } from './cramped-service.ts';
import { fitsBox } from './demands.ts';
import { modelOf } from './service-list.ts';
import type { ServiceRequest } from './service-request.ts';

/**
 * Of each number that was told and takes memory: the largest with which the whole fits, where there is one.
 * @param services of which less may be asked; all of them unless given.
 */
export function lessAsked(
  request: PlanRequest,
  services: readonly ServiceRequest[] = request.services,
): readonly BoxChange[] {
  return services.flatMap((service) =>
    modelOf(service.kind).reducible.flatMap((what) => lessOf(service, what, request)),
  );
}

function lessOf(service: ServiceRequest, what: string, request: PlanRequest): readonly BoxChange[] {
  const told = numberAt(service, what);
  if (told === undefined) return [];
  const step = what.endsWith('Bytes') ? MiB : 1;
  const changed = (steps: number) => withService(withNumberAt(service, what, steps * step), request);
  const isRoomy = (one: PlanRequest) => crampedService(one) === undefined;
  const steps = mostThatFits(Math.ceil(told / step) - 1, (fewer) => {
    const one = changed(fewer);
    // Too little of a budget is a border on the other side.
    return fitsBox(one) && (what === 'memoryBytes' || isRoomy(one));
  });
  if (steps === 0 || !isRoomy(changed(steps)) || checkRequest(changed(steps)).length > 0) return [];
  return [{ code: 'ASK_LESS', service: service.name, what, most: steps * step }];
}

/** Needs grow with what is asked, so the border is found by halving. 0 where not even 1 fits. */
function mostThatFits(most: number, fits: (steps: number) => boolean): number {
  // Where several ask for too much, less of one of them is rarely enough.
  if (most < 1 || !fits(1)) return 0;
  let [low, high] = [1, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function numberAt(service: object, path: string): number | undefined {
  let value: unknown = service;
  for (const key of path.split('.')) value = fieldsOf(value)[key];
  return typeof value === 'number' ? value : undefined;
}

function withNumberAt(service: ServiceRequest, path: string, value: number): ServiceRequest {
  const [key = '', inner] = path.split('.');
  const changed = inner === undefined ? value : { ...fieldsOf(fieldsOf(service)[key]), [inner]: value };
  return { ...service, [key]: changed };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

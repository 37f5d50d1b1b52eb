import { MiB } from '@maque/kit';
import type { BoxChange } from './box-plan.ts';
import type { PlanRequest } from './box-request.ts';
import { checkRequest } from './check-request.ts';
import { leastBox } from './demands.ts';
import { modelOf } from './service-list.ts';
import type { ServiceRequest } from './service-request.ts';

/** Of each number that was told and takes memory: the largest with which the whole fits, where there is one. */
export function lessAsked(request: PlanRequest): readonly BoxChange[] {
  return request.services.flatMap((service) =>
    modelOf(service.kind).reducible.flatMap((what) => lessOf(service, what, request)),
  );
}

function lessOf(service: ServiceRequest, what: string, request: PlanRequest): readonly BoxChange[] {
  const told = numberAt(service, what);
  if (told === undefined) return [];
  const step = what.endsWith('Bytes') ? MiB : 1;
  const changed = (steps: number) => withService(withNumberAt(service, what, steps * step), request);
  const steps = mostThatFits(
    Math.ceil(told / step) - 1,
    (fewer) => leastBox(changed(fewer)) <= request.box.memoryBytes,
  );
  if (steps === 0 || checkRequest(changed(steps)).length > 0) return [];
  return [{ code: 'ASK_LESS', service: service.name, what, most: steps * step }];
}

/** Needs grow with what is asked, so the border is found by halving. 0 where not even 1 fits. */
function mostThatFits(most: number, fits: (steps: number) => boolean): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function withService(changed: ServiceRequest, request: PlanRequest): PlanRequest {
  const services = request.services.map((service) => (service.name === changed.name ? changed : service));
  return { ...request, services };
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

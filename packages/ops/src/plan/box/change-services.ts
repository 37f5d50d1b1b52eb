import type { PlanRequest } from './box-request.ts';
import type { ServiceRequest } from './service-request.ts';

/** The request with another one in place of the service of the same name. */
export function withService(changed: ServiceRequest, request: PlanRequest): PlanRequest {
  const services = request.services.map((service) => (service.name === changed.name ? changed : service));
  return { ...request, services };
}

/** The request without the services of these names. */
export function withoutServices(names: readonly string[], request: PlanRequest): PlanRequest {
  return { ...request, services: request.services.filter(({ name }) => !names.includes(name)) };
}

import type { PlanRequest } from './box-request.ts';
import type { MaqueRequest } from './service-request.ts';
import { leastMaqueBytes } from './services/maque.ts';

/** The first service into whose told budget its own workers do not fit, however large the box is. */
export function crampedService({ services }: PlanRequest): MaqueRequest | undefined {
  return services
    .filter((service) => service.kind === 'maque')
    .find((service) => service.memoryBytes !== undefined && service.memoryBytes < leastMaqueBytes(service));
}

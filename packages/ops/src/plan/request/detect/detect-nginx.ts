import { programName } from '../../../doctor/facts/program.ts';
import type { DetectedService } from './detected-service.ts';
import type { HostFacts } from './host-facts.ts';

const NGINX = /^(nginx|openresty|tengine)$/;

/** Its workers and what they are allowed say nothing of how many come: that is told by the load. */
export function detectNginx({ services }: HostFacts): readonly DetectedService[] {
  return services.flatMap(({ processes }) => {
    const own = processes.filter((process) => NGINX.test(programName(process)));
    if (own.length === 0) return [];
    return [{ service: { kind: 'nginx', name: 'nginx' }, pids: own.map(({ pid }) => pid), notes: [] }];
  });
}

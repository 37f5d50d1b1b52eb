import { type Bytes, MiB } from '@maque/kit';
import type { PlannedService } from '../box/planned-service.ts';

/** What a service is set to, in the words of its own configuration. */
export function serviceSettings(service: PlannedService): readonly string[] {
  switch (service.kind) {
    case 'maque': {
      const { workers, perWorker, server } = service.budget;
      return [
        `workers ${workers}`,
        ...heapFlags(perWorker),
        ...(server === undefined
          ? []
          : [
              `cache ${inM(server.cacheBytes)}`,
              `concurrent ${server.maxConcurrent}`,
              `connections ${server.maxConnections}`,
            ]),
      ];
    }
    case 'node':
      return [`workers ${service.workers}`, ...heapFlags(service), `pool ${service.poolSize}`];
    case 'java':
      return [
        `-Xmx${service.heapMb}m`,
        `-XX:MaxMetaspaceSize=${service.metaspaceMb}m`,
        `-XX:ReservedCodeCacheSize=${service.codeCacheMb}m`,
        `threads ${service.threads}`,
        `-Xss${service.threadStackKb}k`,
        `pool ${service.poolSize}`,
      ];
    case 'python':
      return [
        `workers ${service.workers}`,
        `max-requests ${service.maxRequests}`,
        `pool ${service.poolSize}`,
      ];
    case 'nginx':
      return [
        `worker_processes ${service.workerProcesses}`,
        `worker_connections ${service.workerConnections}`,
        `client_max_body_size ${inM(service.clientMaxBodyBytes)}`,
      ];
    case 'mariadb':
    case 'mysql':
      return [
        `innodb_buffer_pool_size ${inM(service.poolBytes)}`,
        `max_connections ${service.connections}`,
        `tmp_table_size ${inM(service.temporaryTableBytes)}`,
        `performance_schema ${service.performanceSchema ? 'ON' : 'OFF'}`,
      ];
    case 'redis':
      return [
        `maxmemory ${inM(service.maxMemoryBytes)}`,
        `maxmemory-policy ${service.policy}`,
        `maxclients ${service.maxClients}`,
      ];
    case 'agent':
    case 'watcher':
      return [];
  }
}

function heapFlags({ oldSpaceMb, semiSpaceMb }: { oldSpaceMb: number; semiSpaceMb: number }): string[] {
  return [`--max-old-space-size=${oldSpaceMb}`, `--max-semi-space-size=${semiSpaceMb}`];
}

/** As configuration files write it; rounded down, so that nothing is promised that the budget does not hold. */
function inM(bytes: Bytes): string {
  return `${Math.floor(bytes / MiB)}M`;
}

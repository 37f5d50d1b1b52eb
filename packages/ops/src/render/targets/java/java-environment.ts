import type { PlannedJava } from '../../../plan/box/planned-service.ts';
import { requestThreads } from './java-flags.ts';
import type { javaMeanings } from './java-meanings.ts';

/** A variable that tells a Java program a number of its plan; each name of a meaning is one of containers as well. */
export interface JavaVariable {
  readonly name: string;
  readonly value: string;
  readonly means?: Extract<
    keyof typeof javaMeanings,
    'arenas' | 'drain' | 'pool_size' | 'port' | 'request_threads'
  >;
  readonly formula?: string;
}

const DRAIN_SECONDS = 10;
const ARENAS = 2;

/** Spring Boot reads its settings from the environment itself; other programs have to ask for two of them. */
export function javaEnvironment(
  planned: PlannedJava,
  { port, address }: { readonly port: number; readonly address: string },
): readonly JavaVariable[] {
  const memory: JavaVariable = { name: 'MALLOC_ARENA_MAX', value: String(ARENAS), means: 'arenas' };
  const poolSize = String(planned.poolSize);
  if (planned.request.framework !== 'spring-boot')
    return [
      memory,
      { name: 'PORT', value: String(port), means: 'port' },
      { name: 'DATABASE_POOL_SIZE', value: poolSize, means: 'pool_size' },
    ];
  return [
    memory,
    { name: 'SERVER_ADDRESS', value: address },
    { name: 'SERVER_PORT', value: String(port), means: 'port' },
    {
      name: 'SERVER_TOMCAT_THREADS_MAX',
      value: String(requestThreads(planned)),
      means: 'request_threads',
      formula: `${planned.threads} - 20`,
    },
    { name: 'SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE', value: poolSize, means: 'pool_size' },
    { name: 'SERVER_SHUTDOWN', value: 'graceful' },
    {
      name: 'SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE',
      value: `${DRAIN_SECONDS}s`,
      means: 'drain',
    },
  ];
}

import type { Language } from '@maque/kit';
import type { PlannedMaque, PlannedNode, PlannedPython } from '../../../plan/box/planned-service.ts';
import type { AppPlace } from '../../app-places.ts';
import { remarkOn } from '../../comment-numbers.ts';
import type { Meaning } from '../../meaning.ts';
import { toldVariables } from '../../told-variables.ts';
import { remarked, type YamlValue } from '../../yaml/index.ts';
import { javaFlags, requestThreads } from '../java/java-flags.ts';
import type { CONTAINER_ROWS } from './container-rows.ts';

export type ContainerMeanings = Readonly<Record<keyof typeof CONTAINER_ROWS, Meaning>>;

/** A variable; where it carries a number, with what that means. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly meaning?: Meaning;
  readonly formula?: string;
}

/** Where the data of a Maque lies inside its container. */
export const DATA_FOLDER = '/data';

const GUNICORN_TIMEOUT_SECONDS = 30;
const GUNICORN_GRACEFUL_SECONDS = 10;
const CONCURRENCY = 132;
const KEEP_ALIVE_SECONDS = 75;
const ARENAS = 2;

/** What tells a program in a container its part of the plan. All of them listen on all addresses of the container. */
export function appEnvironment(
  place: AppPlace,
  { domain }: { readonly domain: string },
  meanings: ContainerMeanings,
): readonly Variable[] {
  const { service } = place;
  switch (service.kind) {
    case 'maque':
      return ofMaque(place, service, domain, meanings);
    case 'node':
      return ofNode(place, service, meanings);
    case 'java':
      return ofJava(place, meanings);
    case 'python':
      return ofPython(place, service, meanings);
  }
}

/** The variables as a map of a YAML file, each with its remark. */
export function environmentMap(
  variables: readonly Variable[],
  language: Language,
): Readonly<Record<string, YamlValue>> {
  return Object.fromEntries(
    variables.map(({ name, value, meaning, formula = '' }) => [
      name,
      meaning === undefined ? value : remarked(remarkOn({ meaning, formula }, language), value),
    ]),
  );
}

function ofMaque(
  { port }: AppPlace,
  { request, budgetBytes, budget }: PlannedMaque,
  domain: string,
  meanings: ContainerMeanings,
): readonly Variable[] {
  return [
    { name: 'MAQUE_ENV', value: 'prod' },
    { name: 'MAQUE_HOST', value: '0.0.0.0' },
    { name: 'PORT', value: String(port), meaning: meanings.port },
    { name: 'MAQUE_DATA_DIR', value: DATA_FOLDER },
    { name: 'MAQUE_PUBLIC_URL', value: `https://${domain}` },
    { name: 'MAQUE_MEMORY', value: String(budgetBytes), meaning: meanings.budget },
    { name: 'MAQUE_WORKERS', value: String(budget.workers), meaning: meanings.workers },
    ...toldVariables(request).map((variable) => ({ ...variable, meaning: meanings.told_setting })),
  ];
}

function ofNode(
  { port }: AppPlace,
  { oldSpaceMb, semiSpaceMb, workers, poolSize }: PlannedNode,
  meanings: ContainerMeanings,
): readonly Variable[] {
  return [
    { name: 'NODE_ENV', value: 'production' },
    { name: 'HOST', value: '0.0.0.0' },
    { name: 'PORT', value: String(port), meaning: meanings.port },
    {
      name: 'NODE_OPTIONS',
      value: `--max-old-space-size=${oldSpaceMb} --max-semi-space-size=${semiSpaceMb}`,
      meaning: meanings.node_heap,
      formula: `${oldSpaceMb} + 3 × ${semiSpaceMb}`,
    },
    { name: 'WEB_CONCURRENCY', value: String(workers), meaning: meanings.workers },
    { name: 'DATABASE_POOL_SIZE', value: String(poolSize), meaning: meanings.pool_size },
  ];
}

function ofJava({ port, service }: AppPlace, meanings: ContainerMeanings): readonly Variable[] {
  if (service.kind !== 'java') return [];
  const flags = javaFlags(service)
    .map(({ flag }) => flag)
    .join(' ');
  const { heapMb, metaspaceMb, codeCacheMb, directMb, threads, threadStackKb, poolSize } = service;
  const sum = `${heapMb} + ${metaspaceMb} + ${codeCacheMb} + ${directMb} + ${threads} × ${threadStackKb} ÷ 1024`;
  const isSpring = service.request.framework === 'spring-boot';
  const ofSpring: readonly Variable[] = [
    { name: 'SERVER_ADDRESS', value: '0.0.0.0' },
    { name: 'SERVER_SHUTDOWN', value: 'graceful' },
    {
      name: 'SERVER_TOMCAT_THREADS_MAX',
      value: String(requestThreads(service)),
      meaning: meanings.request_threads,
      formula: `${threads} - 20`,
    },
  ];
  return [
    { name: 'JAVA_TOOL_OPTIONS', value: flags, meaning: meanings.java_flags, formula: sum },
    { name: 'MALLOC_ARENA_MAX', value: String(ARENAS), meaning: meanings.arenas },
    { name: isSpring ? 'SERVER_PORT' : 'PORT', value: String(port), meaning: meanings.port },
    ...(isSpring ? ofSpring : []),
    {
      name: isSpring ? 'SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE' : 'DATABASE_POOL_SIZE',
      value: String(poolSize),
      meaning: meanings.pool_size,
    },
  ];
}

/** Gunicorn reads its command line from a variable, uvicorn each flag from one of its own. */
function ofPython(
  { port }: AppPlace,
  { request, workers, maxRequests, maxRequestsJitter, poolSize }: PlannedPython,
  meanings: ContainerMeanings,
): readonly Variable[] {
  const ofGunicorn: readonly Variable[] = [
    {
      name: 'GUNICORN_CMD_ARGS',
      value: [
        `--bind=0.0.0.0:${port}`,
        `--max-requests=${maxRequests}`,
        `--max-requests-jitter=${maxRequestsJitter}`,
        `--timeout=${GUNICORN_TIMEOUT_SECONDS}`,
        `--graceful-timeout=${GUNICORN_GRACEFUL_SECONDS}`,
        '--worker-tmp-dir=/dev/shm',
      ].join(' '),
      meaning: meanings.gunicorn,
    },
  ];
  const ofUvicorn: readonly Variable[] = [
    { name: 'UVICORN_HOST', value: '0.0.0.0' },
    { name: 'UVICORN_PORT', value: String(port), meaning: meanings.port },
    { name: 'UVICORN_LIMIT_CONCURRENCY', value: String(CONCURRENCY), meaning: meanings.limit_concurrency },
    { name: 'UVICORN_TIMEOUT_KEEP_ALIVE', value: String(KEEP_ALIVE_SECONDS), meaning: meanings.keep_alive },
  ];
  return [
    ...(request.server === 'gunicorn' ? ofGunicorn : ofUvicorn),
    { name: 'WEB_CONCURRENCY', value: String(workers), meaning: meanings.workers },
    { name: 'DATABASE_POOL_SIZE', value: String(poolSize), meaning: meanings.pool_size },
  ];
}

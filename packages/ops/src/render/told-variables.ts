import type { MaqueRequest } from '../plan/box/service-request.ts';

/** Settings of the server by what the plan calls them. */
const SERVER_VARIABLES = {
  bodyLimitBytes: 'MAQUE_BODY_LIMIT',
  bodyMemoryBytes: 'MAQUE_BODY_MEMORY',
  cacheBytes: 'MAQUE_CACHE_MEMORY',
  sqliteCacheBytes: 'MAQUE_SQLITE_CACHE',
  maxConcurrent: 'MAQUE_MAX_CONCURRENT',
  maxConnections: 'MAQUE_MAX_CONNECTIONS',
} as const;

/** What was told of a Maque besides memory and workers: its own sum counts it, so whatever starts it has to say it too. */
export function toldVariables({
  oldSpaceMb,
  server,
}: MaqueRequest): readonly { readonly name: string; readonly value: string }[] {
  const ofServer = Object.entries(SERVER_VARIABLES).flatMap(([wish, name]) => {
    const value = server?.[wish as keyof typeof SERVER_VARIABLES];
    return value === undefined ? [] : [{ name, value: String(value) }];
  });
  return [
    ...(oldSpaceMb === undefined ? [] : [{ name: 'MAQUE_HEAP', value: heapOption(oldSpaceMb) }]),
    ...ofServer,
  ];
}

/** As `--heap` and its variable have it. */
export function heapOption(oldSpaceMb: number): string {
  return `${oldSpaceMb}M`;
}

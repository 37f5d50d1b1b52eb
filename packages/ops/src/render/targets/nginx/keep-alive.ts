import type { PlannedApp } from '../../app-places.ts';

/** Below what any of them waits. */
export const UNKNOWN_KEEP_ALIVE_SECONDS = 4;

/**
 * For how long nginx may keep an idle connection to a program, in seconds: below the time after which that program
 * closes it. Undefined for one that closes after each answer.
 */
export function keepAliveSeconds({ kind, request }: PlannedApp): number | undefined {
  switch (kind) {
    case 'maque':
      // MAQUE_KEEP_ALIVE_TIMEOUT: 75 s.
      return 60;
    case 'node':
      // keepAliveTimeout of node:http: 5 s (65 s from Node 27 on).
      return 4;
    case 'java':
      // connectionTimeout in Tomcat's server.xml: 20 s; Spring Boot has 60.
      return 15;
    case 'python':
      // --timeout-keep-alive of uvicorn: 5 s. Sync workers of Gunicorn keep no connection.
      return 'server' in request && request.server === 'uvicorn' ? 4 : undefined;
  }
}

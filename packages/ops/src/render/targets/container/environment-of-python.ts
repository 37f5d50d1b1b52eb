import type { PlannedPython } from '../../../plan/box/planned-service.ts';
import type { AppPlace } from '../../app-places.ts';
import { GUNICORN, UVICORN } from '../python/serving-numbers.ts';
import type { ContainerMeanings, Variable } from './variable.ts';

/** Gunicorn reads its command line from a variable, uvicorn each flag from one of its own. */
export function ofPython(
  { port }: AppPlace,
  planned: PlannedPython,
  meanings: ContainerMeanings,
): readonly Variable[] {
  const { request, workers, poolSize } = planned;
  return [
    ...(request.server === 'gunicorn' ? ofGunicorn(port, planned, meanings) : ofUvicorn(port, meanings)),
    { name: 'WEB_CONCURRENCY', value: String(workers), meaning: meanings.workers },
    { name: 'DATABASE_POOL_SIZE', value: String(poolSize), meaning: meanings.pool_size },
  ];
}

function ofGunicorn(
  port: number,
  { maxRequests, maxRequestsJitter }: PlannedPython,
  meanings: ContainerMeanings,
): readonly Variable[] {
  const flags = [
    `--bind=0.0.0.0:${port}`,
    `--max-requests=${maxRequests}`,
    `--max-requests-jitter=${maxRequestsJitter}`,
    `--timeout=${GUNICORN.timeoutSeconds}`,
    `--graceful-timeout=${GUNICORN.gracefulSeconds}`,
    '--worker-tmp-dir=/dev/shm',
  ];
  return [{ name: 'GUNICORN_CMD_ARGS', value: flags.join(' '), meaning: meanings.gunicorn }];
}

function ofUvicorn(port: number, meanings: ContainerMeanings): readonly Variable[] {
  const { limit_concurrency: concurrency, keep_alive: keepAlive } = meanings;
  return [
    { name: 'UVICORN_HOST', value: '0.0.0.0' },
    { name: 'UVICORN_PORT', value: String(port), meaning: meanings.port },
    {
      name: 'UVICORN_LIMIT_CONCURRENCY',
      value: String(UVICORN.concurrency),
      meaning: concurrency,
      formula: UVICORN.concurrencyFormula,
    },
    { name: 'UVICORN_TIMEOUT_KEEP_ALIVE', value: String(UVICORN.keepAliveSeconds), meaning: keepAlive },
  ];
}

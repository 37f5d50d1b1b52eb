import { createManualClock } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { runScenarios } from '@maque/testkit/scenarios/run-scenarios';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../../testing/start-server.ts';
import type { Database } from '../../ports/index.ts';
import { Readiness } from './readiness.ts';

const opened = new AsyncDisposableStack();
let server: TestServer;

beforeAll(async () => {
  const { path: dataDir } = opened.use(await tempFolder());
  server = opened.use(await startServer({ dataDir, env: { MAQUE_METRICS_TOKEN: 'a-metrics-token' } }));
});
afterAll(() => opened.disposeAsync());

runScenarios(
  () => server.url,
  [
    { name: 'says that it is alive', request: 'GET /healthz', status: 200, contains: ['{"status":"ok"}'] },
    { name: 'says so to HEAD too', request: 'HEAD /healthz', status: 200 },
    { name: 'says that it can serve', request: 'GET /readyz', status: 200, contains: ['{"status":"ready"}'] },
    {
      name: 'shows no numbers to just anybody',
      request: 'GET /metrics',
      status: 404,
      contains: ['NOT_FOUND'],
    },
    {
      name: 'shows none for a wrong token',
      request: 'GET /metrics',
      headers: { authorization: 'Bearer a-metrics-tokem' },
      status: 404,
    },
    {
      name: 'shows them for the right one, in the form that Prometheus reads',
      request: 'GET /metrics',
      headers: { authorization: 'Bearer a-metrics-token' },
      status: 200,
      contains: [
        'content-type: text/plain; version=0.0.4',
        /^# TYPE maque_requests_shed_total counter\nmaque_requests_shed_total 0$/m,
        /^maque_cache_limit_bytes \d+$/m,
        /^maque_log_lines_dropped_total 0$/m,
        /GET \/healthz/,
      ],
    },
  ],
);

describe('readiness', () => {
  const asked: string[] = [];
  const answers = { all: async () => asked.push('asked') } as unknown as Database;
  const fails = { all: () => Promise.reject(new Error('disk I/O error')) } as unknown as Database;
  const check = (options: Partial<ConstructorParameters<typeof Readiness>[0]>) =>
    new Readiness({
      database: answers,
      isDraining: () => false,
      isMemoryCritical: () => false,
      clock: createManualClock(),
      ...options,
    }).check();

  it.each([
    ['it is stopping', { isDraining: () => true }, 'SHUTTING_DOWN'],
    ['memory is short', { isMemoryCritical: () => true }, 'OVERLOADED'],
    ['the database does not answer', { database: fails }, 'DATABASE_BUSY'],
  ])('is denied when %s', async (_case, options, code) => {
    await expect(check(options)).rejects.toMatchObject({ code });
  });

  it('asks the database once for many probes, and again later', async () => {
    const clock = createManualClock();
    const readiness = new Readiness({
      database: answers,
      isDraining: () => false,
      isMemoryCritical: () => false,
      clock,
    });
    asked.length = 0;
    await Promise.all([readiness.check(), readiness.check(), readiness.check()]);
    expect(asked).toHaveLength(1);
    clock.advance(250);
    await readiness.check();
    expect(asked).toHaveLength(2);
  });
});

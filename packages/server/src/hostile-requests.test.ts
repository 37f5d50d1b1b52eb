import { MiB } from '@maque/kit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callerOf, claimConsole } from '../testing/console-client.ts';
import { everyKindApp } from '../testing/every-kind.ts';
import { anyMutant, faultOf, type KnownRoute, routesOf } from '../testing/mutated-requests.ts';
import { temporaryFolder } from '../testing/serve-app.ts';
import { logIn, startServer, startWechat, type TestServer } from '../testing/start-server.ts';

/** What would end the callers' own sessions, so that little of the rest would be reached. */
const ENDING = new Set([
  ...['POST /api/logout', 'DELETE /api/me', 'POST /api/admin/logout', 'DELETE /api/admin/users/{id}'],
  ...['DELETE /api/admin/users/{id}/sessions', 'DELETE /api/admin/staff/{id}/sessions'],
  ...['PATCH /api/admin/staff/{id}', 'DELETE /api/admin/staff/{id}', 'POST /api/admin/staff/{id}/reset'],
]);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let wechat: Awaited<ReturnType<typeof startWechat>>;
let server: TestServer;
let routes: KnownRoute[];
let tokens: (string | undefined)[];
let tag: string;
const things: string[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  wechat = await startWechat();
  server = await startServer({
    ...{ dataDir: folder.path, simulator: wechat.url, app: everyKindApp },
    env: { MAQUE_LOG_DESTINATION: 'file', MAQUE_RATE_LIMIT_USER: '0', MAQUE_LATENCY_GOAL: '60s' },
  });
  const call = callerOf(server);
  const users = await Promise.all(['demo-1', 'demo-2'].map((code) => logIn(server, code)));
  tokens = [undefined, ...users, await claimConsole(call, folder.path)];
  tag = (await call('POST', '/api/tags', { token: users[0], body: { name: 'tea' } })).json.id;
  const thing = {
    ...{ title: '绿茶', tag, tags: [tag], stage: 'open', spot: { lat: 30, lng: 120 } },
    extras: { color: 'red', anything: { goes: [1] } },
  };
  for (const token of [...users, ...users, ...users])
    things.push((await call('POST', '/api/things', { token, body: thing })).json.id);
  const operations = [
    { create: 'things', record: thing },
    { update: 'things', id: things[0], changes: { title: 'tea' } },
  ];
  const bodies = new Map<string, unknown>([
    ['POST /api/things', thing],
    ['PATCH /api/things/{id}', { title: 'tea', count: 3 }],
    ['POST /api/tags', { name: 'leaf', parent: tag }],
    ['PATCH /api/tags/{id}', { name: 'tea' }],
    ['POST /api/batch', { operations }],
  ]);
  routes = routesOf((await call('GET', '/openapi.json')).json, ENDING).map((route) => {
    const body = bodies.get(`${route.method} ${route.path}`) ?? route.body;
    return { ...route, body };
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await wechat[Symbol.asyncDispose]();
  await folder.remove();
});

function idsOf(path: string): readonly string[] {
  if (path.startsWith('/api/tags')) return [tag];
  return path.startsWith('/api/admin') ? ['1', ...things.slice(0, 1)] : things;
}

it('thousands of requests that are nearly right are each answered, and none by a fault of ours', async () => {
  // What the app declares has most of the ways to go wrong.
  const declared = routes.filter(({ path }) => /^\/api\/(things|tags|batch|echo|counts)/.test(path));
  const weighted = [...routes, ...declared, ...declared, ...declared];
  const rssBefore = process.memoryUsage().rss;
  await fc.assert(
    fc.asyncProperty(anyMutant(weighted, tokens, idsOf), async (mutant) => {
      expect(await faultOf(server.url, mutant, 5_000)).toBeUndefined();
    }),
    { numRuns: 4_000, interruptAfterTimeLimit: 12_000 },
  );
  // 132 MiB measured, the generator of requests and the client among them.
  expect(process.memoryUsage().rss - rssBefore).toBeLessThan(256 * MiB);
}, 30_000);

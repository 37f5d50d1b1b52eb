import { expect, it } from 'vitest';
import { isOfGuard, rankSites, routeOnStack, type Survivor } from './leak-sites.ts';
import type { StackFrame } from './stack-frame.ts';

const frame = (functionName: string, url: string): StackFrame => ({ functionName, url, line: 1, column: 1 });
const handler = frame('order', 'file:///srv/app/orders.js');
const cache = frame('warmUp', 'file:///srv/app/cache.js');
const memoized = frame('memoized', '/srv/app/node_modules/lodash/lodash.js');
const router = frame('dispatch', '/srv/app/node_modules/koa/index.js');
const stringify = frame('stringify', '');
const route = frame('route', 'maque-route:7');

let ordinal = 0;
function survivors(stack: readonly StackFrame[], times: readonly number[], bytes = 1_000): Survivor[] {
  return times.map((atMs) => ({ stack, atMs, bytes, ordinal: ordinal++ }));
}
const allAlong = [1, 10, 20, 30, 40, 50, 60, 70, 80, 90];

it('puts what keeps coming before what came once, however large', () => {
  const sites = rankSites(
    [
      ...survivors([stringify, handler, router], allAlong),
      ...survivors([cache, router], [1, 2, 3], 100_000),
      // A table that doubled.
      ...survivors([frame('set', ''), handler], [95], 500_000),
    ],
    0,
    100,
  );
  expect(sites[0]).toMatchObject({ app: handler, samples: 11 });
  expect(sites[0]?.constructors).toContain('(string)');
  expect(sites[1]?.app).toBe(cache);
});

it('names what things are held in after what they are', () => {
  const table = survivors([frame('add', ''), handler, router], allAlong, 10_000);
  expect(rankSites(table, 0, 100)[0]?.constructors).toEqual(['Set']);
  const own = survivors([frame('add', 'node:internal/timers'), handler, router], allAlong);
  expect(rankSites(own, 0, 100)[0]?.constructors).toEqual([]);
  const [both] = rankSites([...table, ...survivors([frame('slice', ''), handler, router], allAlong)], 0, 100);
  expect(both?.constructors.at(-1)).toBe('Set');
  expect(both?.constructors[0]).toBe('(sliced string)');
});

it('names the package that the app calls, or that wraps the app, but not the framework around it all', () => {
  const search = frame('search', 'file:///srv/app/search.js');
  const [calling] = rankSites(survivors([memoized, handler, router], allAlong), 0, 100);
  expect(calling?.packages).toEqual([memoized]);
  const [wrapped] = rankSites(survivors([search, memoized, handler, router], allAlong), 0, 100);
  expect(wrapped).toMatchObject({ app: search, packages: [memoized] });
  const [alone] = rankSites(survivors([handler, router], allAlong), 0, 100);
  expect(alone?.packages).toEqual([]);
});

it('names a callback that has a name, for it may be written anywhere', () => {
  const matches = frame('matches', 'file:///srv/app/search.js');
  const stack = [frame('test', ''), matches, frame('filter', ''), handler, router];
  expect(rankSites(survivors(stack, allAlong), 0, 100)[0]?.app).toBe(matches);
});

it('takes callbacks of builtins for a part of the function that they are in', () => {
  const callback = frame('', 'file:///srv/app/orders.js');
  const stack = [callback, frame('from', ''), callback, frame('map', ''), handler, router];
  const [site] = rankSites(survivors(stack, allAlong), 0, 100);
  expect(site).toMatchObject({ app: handler, constructors: ['Array'] });
  expect(rankSites(survivors([callback, router], allAlong), 0, 100)[0]?.app).toBe(callback);
});

it('looks past what stays only because a request does, to what holds the request', () => {
  const header = [
    frame('setHeader', 'node:_http_outgoing'),
    frame('json', '/srv/app/node_modules/express/response.js'),
  ];
  const use = frame('use', '/srv/app/node_modules/axios/InterceptorManager.js');
  const [site] = rankSites(
    [
      ...survivors([...header, handler, router], allAlong, 50_000),
      ...survivors([use, handler, router], allAlong, 100),
    ],
    0,
    100,
  );
  expect(site).toMatchObject({ app: handler, packages: [use], stack: [use, handler, router] });
});

it('leaves its own frames out, and reads the route from them', () => {
  const wrapper = frame('emit', 'maque-guard:emit');
  const counting = frame('count', new URL('./route-traffic.ts', import.meta.url).href);
  const [site] = rankSites(survivors([handler, wrapper, route], allAlong), 0, 100);
  expect(site?.stack).toEqual([handler]);
  expect(routeOnStack([handler, wrapper, route])).toBe(7);
  expect(routeOnStack([handler])).toBeNull();
  expect(isOfGuard([handler, wrapper, route])).toBe(false);
  expect(isOfGuard([handler, counting, router])).toBe(false);
  expect(isOfGuard([frame('push', ''), counting, router])).toBe(true);
  expect(isOfGuard([frame('emit', 'node:events'), wrapper, route])).toBe(false);
});

it('does not stumble over functions that are named like properties of every object', () => {
  const names = ['constructor', '__proto__', 'hasOwnProperty'];
  const stack = [...names.map((name) => frame(name, '')), handler];
  expect(rankSites(survivors(stack, allAlong), 0, 100)[0]?.constructors).toEqual([]);
});

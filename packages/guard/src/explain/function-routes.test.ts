import { expect, it } from 'vitest';
import { FunctionRoutes } from './function-routes.ts';
import type { StackFrame } from './stack-frame.ts';

const frame = (functionName: string, url = 'file:///srv/app/a.js', line = 1): StackFrame => ({
  functionName,
  url,
  line,
  column: 1,
});
const seen = (route: string, times: number, ...stack: StackFrame[]) =>
  Array.from({ length: times }, () => ({ route, stack }));

it('learns which functions serve one route only, wherever in them the stack was', () => {
  const routes = new FunctionRoutes([
    ...seen('POST /orders', 5, frame('save', '/srv/app/a.js', 40), frame('order')),
    ...seen('GET /list', 5, frame('log'), frame('list')),
    ...seen('POST /orders', 5, frame('log'), frame('order')),
  ]);
  expect(routes.routeOf([frame('save')])).toBe('POST /orders');
  expect(routes.routeOf([frame('log'), frame('list')])).toBe('GET /list');
  expect(routes.routeOf([frame('log')])).toBeNull();
});

it('says nothing of what it saw once or twice, of nameless functions, and of packages', () => {
  const lodash = frame('memoized', '/srv/app/node_modules/lodash/lodash.js');
  const routes = new FunctionRoutes([
    ...seen('GET /a', 2, frame('rare')),
    ...seen('GET /a', 9, frame(''), lodash),
  ]);
  expect(routes.routeOf([frame('rare'), frame(''), lodash])).toBeNull();
  expect(new FunctionRoutes([]).routeOf([frame('toString'), frame('constructor')])).toBeNull();
});

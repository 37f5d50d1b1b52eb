import { expect, it } from 'vitest';
import { RequestMeter } from './request-meter.ts';
import { RouteNames } from './route-names.ts';

function namesIn(maxRoutes: number) {
  const meter = new RequestMeter({ maxRoutes });
  const names = new RouteNames(meter);
  const nameOf = (method: string, url: string, status = 200) => {
    const index = names.indexOf(method, url, status);
    return meter.routes()[index]?.route;
  };
  return { meter, nameOf };
}

it('finds the same route again: by path, by shape, whatever the query', () => {
  const { meter, nameOf } = namesIn(10);
  for (let round = 0; round < 2; round += 1) {
    expect(nameOf('GET', '/orders')).toBe('GET /orders');
    expect(nameOf('POST', '/orders')).toBe('POST /orders');
    expect(nameOf('GET', `/orders?cursor=${round}`)).toBe('GET /orders');
    expect(nameOf('GET', `/orders/${round}`)).toBe('GET /orders/:id');
  }
  expect(meter.routes()).toHaveLength(4);
});

it('takes a place for a path that is answered, not for one that is not there', () => {
  const { meter, nameOf } = namesIn(10);
  expect(nameOf('GET', '/.env', 404)).toBe('(other)');
  expect(meter.routes()).toHaveLength(1);
  expect(nameOf('GET', '/orders')).toBe('GET /orders');
  expect(nameOf('GET', '/orders', 404)).toBe('GET /orders');
});

it('counts to other routes what comes when all places are taken', () => {
  const { meter, nameOf } = namesIn(3);
  for (let path = 0; path < 1000; path += 1) nameOf('GET', `/page-${String.fromCharCode(97 + (path % 26))}x`);
  expect(meter.routes()).toHaveLength(4);
  expect(nameOf('GET', '/page-ax')).toBe('GET /page-ax');
  expect(nameOf('GET', '/page-zx')).toBe('(other)');
});

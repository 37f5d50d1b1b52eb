import { renderPrometheus } from '@maque/guard';
import { expect, it } from 'vitest';
import { RouteTimes } from './route-times.ts';

const facts = { id: 'r', databaseMs: 0, cacheHits: 0, cacheMisses: 0 };

it('tells for each route how long it took, what of it in the database, and how often the cache knew', () => {
  const times = new RouteTimes();
  times.end(1, 4, { ...facts, databaseMs: 3, cacheHits: 1 });
  times.end(1, 40, { ...facts, databaseMs: 20, cacheMisses: 1 });
  times.end(1, 9_000, facts);
  times.end(2, 5, facts);
  const text = renderPrometheus(times.metrics(['(other)', 'GET /a', 'GET /b']));
  expect(text).toContain('maque_route_seconds_bucket{route="GET /a",le="0.005"} 1\n');
  expect(text).toContain('maque_route_seconds_bucket{route="GET /a",le="0.05"} 2\n');
  expect(text).toContain('maque_route_seconds_bucket{route="GET /a",le="3"} 2\n');
  expect(text).toContain('maque_route_seconds_bucket{route="GET /a",le="+Inf"} 3\n');
  expect(text).toContain('maque_route_seconds_sum{route="GET /a"} 9.044\n');
  expect(text).toContain('maque_route_seconds_bucket{route="GET /b",le="0.005"} 1\n');
  expect(text).toContain('maque_route_database_seconds_total{route="GET /a"} 0.023\n');
  expect(text).toContain('maque_route_cache_hits_total{route="GET /a"} 1\n');
  expect(text).toContain('maque_route_cache_misses_total{route="GET /a"} 1\n');
  // One head for all routes, as the format demands; nothing of a route that nobody asked for.
  expect(text.match(/# TYPE maque_route_seconds histogram/g)).toHaveLength(1);
  expect(text).not.toContain('(other)');
});

it('has room for as many routes as there are', () => {
  const times = new RouteTimes();
  times.end(0, 1, facts);
  times.end(500, 1, facts);
  const names = Array.from({ length: 501 }, (_, index) => `GET /${index}`);
  const text = renderPrometheus(times.metrics(names));
  expect(text).toContain('maque_route_seconds_count{route="GET /500"} 1\n');
  expect(text).toContain('maque_route_seconds_count{route="GET /0"} 1\n');
});

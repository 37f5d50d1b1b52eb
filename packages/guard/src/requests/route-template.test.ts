import { cpuMsOf } from '@maque/testkit/process/cpu-time';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { routeTemplate } from './route-template.ts';

describe('routeTemplate', () => {
  it.each([
    ['/', 'GET /'],
    ['/api/products?limit=20', 'GET /api/products'],
    ['/api/orders/42', 'GET /api/orders/:id'],
    ['/users/665f1c2e9b1d8e001f3a4b5c/cart', 'GET /users/:id/cart'],
    ['/files/0192f0c1-7e57-7c6b-9a1e-2b6a3f0d1c2e', 'GET /files/:id'],
    ['/s/V1StGXR8_Z5jdHi6B-myT', 'GET /s/:id'],
    ['/t/eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0', 'GET /t/:id'],
    ['/search/%E9%BA%BB%E9%9B%80', 'GET /search/:id'],
    ['/api/v2/facade', 'GET /api/v2/facade'],
    ['/assets/app-3f9a2b.js', 'GET /assets/app-3f9a2b.js'],
    ['/a/b/c/d/e/f/g/h/i/j/k', 'GET /a/b/c/d/e/f/g/h/…'],
    ['', 'GET '],
  ])('names %s as %s', (url, name) => {
    expect(routeTemplate('GET', url)).toBe(name);
  });

  it('keeps any path short, and does not let it take long', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20_000 }), fc.string(), (path, query) => {
        expect(routeTemplate('GET', `/${path}?${query}`).length).toBeLessThanOrEqual(80);
      }),
    );
    const tookMs = cpuMsOf(() => {
      for (let round = 0; round < 1000; round += 1) routeTemplate('GET', '/1a-'.repeat(4000));
    });
    expect(tookMs).toBeLessThan(500);
  });
});

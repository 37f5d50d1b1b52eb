import { expect, it } from 'vitest';
import { declaredRoute } from './declared-route.ts';

it('answers the name that the app gave a route', () => {
  const declared = ['GET /users/:name', 'GET /:kind/:id', 'POST /users/:name', 'GET /users/:name/posts'];
  expect(declaredRoute('GET /users/:id', declared)).toBe('GET /users/:name');
  expect(declaredRoute('GET /users/anna', declared)).toBe('GET /users/:name');
  expect(declaredRoute('POST /users/:id', declared)).toBe('POST /users/:name');
});

it('leaves what no declared route fits', () => {
  expect(declaredRoute('GET /users/:id', [])).toBe('GET /users/:id');
  expect(declaredRoute('GET /a/b/c', ['GET /a/b', 'POST /a/b/c'])).toBe('GET /a/b/c');
});

import { expect, it } from 'vitest';
import { type RouteFacts, rankRoutes } from './route-ranking.ts';

const facts = (route: string, changes: Partial<RouteFacts> = {}): RouteFacts => ({
  route,
  requests: 100,
  onStack: 0,
  byFunction: 0,
  fit: null,
  outside: 0,
  survival: { route, followed: 20, open: 0, objects: 0, contexts: 0 },
  listeners: 0,
  ...changes,
});
const fit = (route: string, evidence: number) => ({ route, requests: 100, share: 0.5, evidence });
const survival = (route: string, objects: number, contexts = 0) => ({
  route,
  followed: 20,
  open: 0,
  objects,
  contexts,
});

it('names a route when one kind of evidence is strong', () => {
  for (const changes of [
    { onStack: 0.9 },
    { byFunction: 0.9 },
    { fit: fit('GET /b', 9) },
    { survival: survival('GET /b', 20) },
    { survival: survival('GET /b', 0, 20), fit: fit('GET /b', 2) },
    { listeners: 300 },
    { outside: 30 },
  ]) {
    const [first] = rankRoutes([facts('GET /a'), facts('GET /b', changes), facts('GET /c')]);
    expect(first?.route).toBe('GET /b');
    expect(first?.confidence).toBeGreaterThan(0.9);
  }
});

it('takes the times of one route for likelier than those of another, however likely both are', () => {
  const times = (evidence: number) => facts(`GET /${evidence}`, { fit: fit(`GET /${evidence}`, evidence) });
  const [first, second] = rankRoutes([times(10), times(115)]);
  expect(first).toMatchObject({ route: 'GET /115' });
  expect(first?.confidence).toBeGreaterThan(0.9);
  expect(second?.confidence).toBeLessThan(0.1);
  const close = rankRoutes([times(113), times(115)]).map(({ confidence }) => confidence);
  expect(close[0]).toBeLessThan(0.9);
  // A frame on the stack outweighs times, which move together.
  const [framed] = rankRoutes([{ ...times(20), onStack: 1 }, times(115)]);
  expect(framed?.route).toBe('GET /20');
});

it('names none when nothing speaks for any, and is never certain', () => {
  const [first] = rankRoutes([facts('GET /a'), facts('GET /b')]);
  expect(first?.confidence).toBeLessThan(0.2);
  const all = { onStack: 1, byFunction: 1, listeners: 999, fit: fit('GET /a', 1_000) };
  expect(rankRoutes([facts('GET /a', all)])[0]?.confidence).toBe(0.99);
  expect(rankRoutes([])).toEqual([]);
});

it('does not blame a route for requests that stay on every route', () => {
  const everywhere = ['GET /a', 'GET /b'].map((route) => facts(route, { survival: survival(route, 18) }));
  for (const { confidence } of rankRoutes(everywhere)) expect(confidence).toBeLessThan(0.2);
});

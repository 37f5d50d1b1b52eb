import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitRoutes } from './route-growth.ts';

/** Numbers that only look random, the same each time. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function poisson(mean: number, random: () => number): number {
  let count = 0;
  for (let left = Math.exp(-mean), drawn = random(); drawn > left; drawn *= random()) count += 1;
  return count;
}

function traffic(random: () => number, bins: number): Map<string, number[]> {
  const steady = (mean: number) => Array.from({ length: bins }, () => poisson(mean, random));
  return new Map([
    ['GET /a', steady(5)],
    ['POST /b', steady(4)],
    ['GET /c', steady(0.5)],
  ]);
}

it('tells the route by chance arrivals alone: no route swings', () => {
  const random = randomOf(11);
  const requests = traffic(random, 160);
  const survivors = (requests.get('POST /b') ?? []).map((count) => poisson(0.8 * count + 0.5, random));
  const [first, second] = fitRoutes(survivors, requests);
  expect(first?.route).toBe('POST /b');
  expect(first?.evidence).toBeGreaterThan(15);
  expect(first?.share).toBeGreaterThan(0.6);
  expect(second?.evidence).toBeLessThan(3);
});

it('finds nothing where objects stay whoever asks', () => {
  const random = randomOf(5);
  const requests = traffic(random, 160);
  const survivors = Array.from({ length: 160 }, () => poisson(4, random));
  for (const { evidence } of fitRoutes(survivors, requests)) expect(evidence).toBeLessThan(4);
});

it('does not take clumps for evidence: a request that leaves fifty objects is one request', () => {
  const random = randomOf(3);
  const requests = traffic(random, 160);
  // Fifty objects now and then, at moments of their own.
  const survivors = Array.from({ length: 160 }, () => (random() < 0.1 ? 50 : 0));
  for (const { evidence } of fitRoutes(survivors, requests)) expect(evidence).toBeLessThan(5);
});

it('answers nothing when nothing stayed, and survives any numbers', () => {
  expect(fitRoutes([0, 0], new Map([['GET /a', [1, 2]]]))).toEqual([]);
  const counts = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(counts, counts, (survivors, requests) => {
      for (const fit of fitRoutes(survivors, new Map([['GET /a', requests]]))) {
        expect(fit.evidence).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(fit.evidence)).toBe(true);
        expect(fit.share).toBeGreaterThanOrEqual(0);
        expect(fit.share).toBeLessThanOrEqual(1);
      }
    }),
  );
});

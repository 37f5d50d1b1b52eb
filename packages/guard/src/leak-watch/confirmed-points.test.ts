import { MINUTE, MiB, type Milliseconds, SECOND } from '@maque/kit';
import { expect, it } from 'vitest';
import { ConfirmedPoints, type PastPoint } from './confirmed-points.ts';

function point(uptimeMs: Milliseconds): PastPoint {
  const live = { heap: 40 * MiB, external: MiB, native: null };
  return { uptimeMs, requests: 0, live, limits: live, isExact: true };
}

function pointsEvery(stepMs: Milliseconds, untilMs: Milliseconds): ConfirmedPoints {
  const points = new ConfirmedPoints();
  for (let atMs = stepMs; atMs <= untilMs; atMs += stepMs) points.add(point(atMs));
  return points;
}

it('compares with the oldest point that is behind the warm-up', () => {
  const points = pointsEvery(30 * SECOND, 5 * MINUTE);
  expect(points.before(point(6 * MINUTE))?.uptimeMs).toBe(1.5 * MINUTE);
});

it('compares with nothing that is too near, or belongs to the warm-up', () => {
  expect(pointsEvery(MINUTE, MINUTE).before(point(MINUTE + 20 * SECOND))).toBeUndefined();
  expect(pointsEvery(MINUTE, MINUTE).before(point(10 * MINUTE))).toBeUndefined();
});

it('keeps sixteen points of however long a life, and they stay spread over it', () => {
  const day = 24 * 60 * MINUTE;
  const points = pointsEvery(5 * SECOND, day);
  expect(points.length).toBeLessThanOrEqual(16);
  const earlier = points.before(point(day + MINUTE))?.uptimeMs ?? 0;
  expect(earlier).toBeGreaterThanOrEqual(day / 4);
  expect(earlier).toBeLessThan(day / 2);
});

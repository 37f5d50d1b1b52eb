import fc from 'fast-check';
import { expect, it } from 'vitest';
import { boxAround, haversine, haversineOfMeters, metersOfHaversine } from './geo-circle.ts';

const coordinate = (max: number) => fc.double({ min: -max, max, noNaN: true });
const point = fc.record({ lat: coordinate(90), lng: coordinate(180) });

// Great-circle distances from https://www.movable-type.co.uk/scripts/latlong.html, which takes 6,371 km.
it.each([
  [{ lat: 39.908, lng: 116.397 }, { lat: 31.2304, lng: 121.4737 }, 1_067_300],
  [{ lat: 39.908, lng: 116.397 }, { lat: 39.908, lng: 116.3972 }, 17],
  [{ lat: 0, lng: 179.9 }, { lat: 0, lng: -179.9 }, 22_239],
  [{ lat: 0, lng: 0 }, { lat: 0, lng: 180 }, 20_015_100],
])('from %o to %o it is so far', (a, b, meters) => {
  const distance = metersOfHaversine(haversine(a, b));
  expect(Math.abs(distance - meters)).toBeLessThan(Math.max(1, meters * 0.001));
});

it('a box has every point of its circle inside', () => {
  fc.assert(
    fc.property(point, fc.double({ min: 1, max: 100_000, noNaN: true }), point, (center, meters, other) => {
      const near = { ...center, meters };
      // A point anywhere on Earth is rarely near, so it is drawn close as well.
      const close = {
        lat: Math.max(-90, Math.min(90, center.lat + other.lat / 90)),
        lng: center.lng + other.lng / 100,
      };
      close.lng -= close.lng > 180 ? 360 : close.lng < -180 ? -360 : 0;
      for (const one of [other, close]) {
        if (haversine(center, one) > haversineOfMeters(meters)) continue;
        const { south, north, west, east } = boxAround(near);
        expect(one.lat).toBeGreaterThanOrEqual(south);
        expect(one.lat).toBeLessThanOrEqual(north);
        const isInside =
          west > east ? one.lng >= west || one.lng <= east : one.lng >= west && one.lng <= east;
        expect(isInside).toBe(true);
      }
    }),
    { numRuns: 2_000 },
  );
});

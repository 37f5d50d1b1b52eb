import type { GeoPoint } from '../../define/field.ts';
import type { Near } from '../../define/rules.ts';

// The mean radius of the Earth by the IUGG: https://en.wikipedia.org/wiki/Earth_radius#Arithmetic_mean_radius
const EARTH_RADIUS_METERS = 6_371_008.8;
// Degrees by which a box is wider than its circle, so that rounding leaves no point of the circle outside: 0.1 mm.
const MARGIN = 1e-9;

/**
 * How far two points are apart, as the haversine of the angle between them: 0 where they are the same, 1 on opposite
 * sides of the Earth. It rises with the distance, and costs less than it.
 * https://en.wikipedia.org/wiki/Haversine_formula
 */
export function haversine(a: GeoPoint, b: GeoPoint): number {
  const lat = Math.sin(radians(b.lat - a.lat) / 2) ** 2;
  const lng = Math.sin(radians(b.lng - a.lng) / 2) ** 2;
  return lat + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * lng;
}

export function haversineOfMeters(meters: number): number {
  return Math.sin(meters / EARTH_RADIUS_METERS / 2) ** 2;
}

export function metersOfHaversine(value: number): number {
  return 2 * EARTH_RADIUS_METERS * Math.asin(Math.min(1, Math.sqrt(value)));
}

/** What encloses a circle on the map, in degrees: an index finds it, where a circle has to be computed. */
export interface GeoBox {
  readonly south: number;
  readonly north: number;
  /**
   * From `west` to `east`; across the 180th meridian where `west` is the larger, and all around where a pole is inside.
   */
  readonly west: number;
  readonly east: number;
}

/** http://janmatuschek.de/LatitudeLongitudeBoundingCoordinates, section 3.3. */
export function boxAround({ lat, lng, meters }: Near): GeoBox {
  const angle = meters / EARTH_RADIUS_METERS;
  const height = degrees(angle) + MARGIN;
  const south = Math.max(-90, lat - height);
  const north = Math.min(90, lat + height);
  if (south === -90 || north === 90) return { south, north, west: -180, east: 180 };
  const width = degrees(Math.asin(Math.sin(angle) / Math.cos(radians(lat)))) + MARGIN;
  return { south, north, west: wrapped(lng - width), east: wrapped(lng + width) };
}

/** How many bands of latitude a degree has: each 1.7 km high, what a ring in a city is or less. */
export const BANDS_PER_DEGREE = 64;

/**
 * The bands of latitude that a circle lies in, from the south: an index that begins with the band, and goes on with the
 * longitude, has what is in a box at one place a band, where one of latitude and longitude has it all around the Earth.
 */
export function bandsAround(near: Near): readonly number[] {
  const { south, north } = boxAround(near);
  const first = bandOf(south);
  return Array.from({ length: bandOf(north) - first + 1 }, (_, index) => first + index);
}

/** As `bandExpression` computes it in SQL. */
function bandOf(lat: number): number {
  return Math.floor((lat + 90) * BANDS_PER_DEGREE);
}

function wrapped(lng: number): number {
  if (lng < -180) return lng + 360;
  return lng > 180 ? lng - 360 : lng;
}

export function radians(value: number): number {
  return (value * Math.PI) / 180;
}

function degrees(value: number): number {
  return (value * 180) / Math.PI;
}

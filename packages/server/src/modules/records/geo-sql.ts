import { type Expression, sql } from 'kysely';
import type { DatabaseDialect } from '../../ports/database.ts';
import { BANDS_PER_DEGREE } from './geo-circle.ts';
import type { Slot } from './statement-template.ts';

/** Latitude and longitude of a point in SQL, in degrees. */
export interface Coordinates {
  readonly lat: Expression<unknown>;
  readonly lng: Expression<unknown>;
}

/** Of a point that is kept as JSON. */
export function coordinatesOf(
  dialect: DatabaseDialect,
  column: Expression<unknown>,
  path: readonly string[],
): Coordinates {
  return {
    lat: dialect.documentValue(column, [...path, 'lat'], 'number'),
    lng: dialect.documentValue(column, [...path, 'lng'], 'number'),
  };
}

/**
 * The band of latitude that a point is in, as `bandsAround` counts them. A cast alone rounds in MySQL; the type is written so
 * that every engine knows it.
 */
export function bandExpression({ lat }: Coordinates, bandsPerDegree = BANDS_PER_DEGREE): Expression<number> {
  return sql<number>`cast(floor((${lat} + 90) * ${sql.lit(bandsPerDegree)}) as signed integer)`;
}

/** What an index of points is made of: the place of a box in each of its bands, and its height without a look at the record. */
export function placeKeys(coordinates: Coordinates, bandsPerDegree: number): readonly Expression<unknown>[] {
  return [bandExpression(coordinates, bandsPerDegree), coordinates.lng, coordinates.lat];
}

/**
 * The haversine of the angle to a point, as `haversine` computes it: pow, sin, cos and radians are the same in every
 * engine. @param center slots of the point's latitude, the cosine of it, and its longitude: `centerValues`.
 */
export function haversineExpression(
  { lat, lng }: Coordinates,
  center: readonly [Slot, Slot, Slot],
): Expression<number> {
  const [centerLat, centerCosine, centerLng] = center;
  const height = sql`pow(sin(radians(${lat} - ${centerLat}) / 2), 2)`;
  const width = sql`pow(sin(radians(${lng} - ${centerLng}) / 2), 2)`;
  return sql<number>`(${height} + cos(radians(${lat})) * ${centerCosine} * ${width})`;
}

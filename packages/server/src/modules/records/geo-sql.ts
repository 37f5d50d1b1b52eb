import { type Expression, sql } from 'kysely';
import type { DatabaseDialect } from '../../ports/database.ts';
import type { Slot } from './statement-template.ts';

/** Latitude and longitude of a point that is kept as JSON, in degrees. An index on the two finds what is in a box. */
export function coordinatesOf(
  dialect: DatabaseDialect,
  column: Expression<unknown>,
  path: readonly string[],
): { readonly lat: Expression<unknown>; readonly lng: Expression<unknown> } {
  return {
    lat: dialect.documentValue(column, [...path, 'lat'], 'number'),
    lng: dialect.documentValue(column, [...path, 'lng'], 'number'),
  };
}

/**
 * The haversine of the angle to a point, as `haversine` computes it: pow, sin, cos and radians are the same in every
 * engine. @param center slots of the point's latitude, the cosine of it, and its longitude: `centerValues`.
 */
export function haversineExpression(
  { lat, lng }: { readonly lat: Expression<unknown>; readonly lng: Expression<unknown> },
  center: readonly [Slot, Slot, Slot],
): Expression<number> {
  const [centerLat, centerCosine, centerLng] = center;
  const height = sql`pow(sin(radians(${lat} - ${centerLat}) / 2), 2)`;
  const width = sql`pow(sin(radians(${lng} - ${centerLng}) / 2), 2)`;
  return sql<number>`(${height} + cos(radians(${lat})) * ${centerCosine} * ${width})`;
}

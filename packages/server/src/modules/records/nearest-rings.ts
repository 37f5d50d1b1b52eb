import type { Condition } from '../../define/condition.ts';
import { metersOfHaversine } from './geo-circle.ts';
import { DISTANCE } from './list-order.ts';
import type { Selection } from './list-sql.ts';

export type Circle = Condition & { readonly kind: 'near' };

// A page of 20 in a city with a place at every corner is within 250 m. Each ring has 16 times the area of the one before,
// so what was looked at in vain is a fifteenth of what is looked at in the end.
const FIRST_RING_METERS = 250;
const RING_GROWTH = 4;

/**
 * The circle that a list in the order of distance is within: its first page is found in a small part of it, where all of
 * a large one (1,000,000 places within 100 km) would be measured and sorted for 20 of them.
 */
export function circleOf({ condition, measure, sort }: Selection): Circle | undefined {
  const [first] = sort;
  if (measure === undefined || first?.field !== DISTANCE || first.descending) return undefined;
  const { lat, lng } = measure.from;
  return topParts(condition).find(
    (part): part is Circle =>
      part.kind === 'near' &&
      !part.negated &&
      part.field === measure.field &&
      part.near.lat === lat &&
      part.near.lng === lng,
  );
}

/** Parts of a list in the order of distance, each with the one before inside: what they do not fill, all of it does. */
export function ringsOf(selection: Selection, circle: Circle): readonly Selection[] {
  const [seen] = selection.after ?? [];
  const seenMeters = typeof seen === 'number' ? metersOfHaversine(seen) : 0;
  const rings: Selection[] = [];
  for (let meters = FIRST_RING_METERS; meters < circle.near.meters; meters *= RING_GROWTH) {
    if (meters <= seenMeters) continue;
    rings.push({ ...selection, condition: withRadius(selection.condition, circle, meters) });
  }
  return rings;
}

function topParts(condition: Condition): readonly Condition[] {
  return condition.kind === 'all' ? condition.parts.flatMap(topParts) : [condition];
}

function withRadius(condition: Condition, circle: Circle, meters: number): Condition {
  if (condition === circle) return { ...circle, near: { ...circle.near, meters } };
  if (condition.kind !== 'all') return condition;
  return { kind: 'all', parts: condition.parts.map((part) => withRadius(part, circle, meters)) };
}

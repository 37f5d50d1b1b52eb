import type { Condition } from '../../define/condition.ts';
import { metersOfHaversine } from './geo-circle.ts';
import { DISTANCE } from './list-order.ts';
import type { Selection } from './list-sql.ts';
import { partsOfAll } from './sparse-parts.ts';

export type Circle = Condition & { readonly kind: 'near' };

// A page of 20 in a city with a place at every corner is within 250 m.
const FIRST_RING_METERS = 250;
// Where a ring has shown how dense places are, the next has twice as many as are wanted; where it had none or next to none it
// has 16 times the area, and where there seem to be enough in little more, four times: there may be none out there. After a
// page, which is within what was seen, three times that is ahead of it.
const MOST_GROWTH = 4;
const LEAST_GROWTH = 2;
const PLACES_MORE = 2;

/** More are not looked through for a page where another index leads to what is asked for: some 6 ms. */
export const RING_MAX = 2_000;

/**
 * The circle that a list in the order of distance is within: its first page is found in a small part of it, where all of
 * a large one (1,000,000 places within 100 km) would be measured and sorted for 20 of them.
 */
export function circleOf({ condition, measure, sort }: Selection): Circle | undefined {
  const [first] = sort;
  if (measure === undefined || first?.field !== DISTANCE || first.descending) return undefined;
  const { lat, lng } = measure.from;
  return partsOfAll(condition).find(
    (part): part is Circle =>
      part.kind === 'near' &&
      !part.negated &&
      part.field === measure.field &&
      // No index has a point in a document.
      !part.field.includes('.') &&
      part.near.lat === lat &&
      part.near.lng === lng,
  );
}

/** How far from the middle a list in the order of distance is to be looked for first. */
export function firstRing(selection: Selection): number {
  return Math.max(FIRST_RING_METERS, LEAST_GROWTH * seenMeters(selection));
}

/** How far it is to be looked for when there were only so many within a ring. */
export function nextRing(selection: Selection, meters: number, found: number): number {
  const insideSquare = seenMeters(selection) ** 2;
  const square = insideSquare + (meters ** 2 - insideSquare) * ((selection.limit * PLACES_MORE) / found);
  return Math.min(MOST_GROWTH * meters, Math.max(LEAST_GROWTH * meters, Math.sqrt(square)));
}

/** A ring of a circle. */
export function withinMeters(circle: Circle, meters: number): Circle {
  return { ...circle, near: { ...circle.near, meters } };
}

/** The part of a list that is within a ring of its circle. */
export function withCircle(selection: Selection, circle: Circle, ring: Circle): Selection {
  return ring === circle
    ? selection
    : { ...selection, condition: replaced(selection.condition, circle, ring) };
}

/** What is nearer than this was on the pages before. */
function seenMeters({ after = [] }: Selection): number {
  const [seen] = after;
  return typeof seen === 'number' ? metersOfHaversine(seen) : 0;
}

function replaced(condition: Condition, circle: Circle, ring: Circle): Condition {
  if (condition === circle) return ring;
  if (condition.kind !== 'all') return condition;
  return { kind: 'all', parts: condition.parts.map((part) => replaced(part, circle, ring)) };
}

import { CENTER, CITIES, SHOPS, STATUSES } from './items.ts';

/** A kind of list, asked for with many different values. */
export interface MeasuredList {
  readonly name: string;
  /** Whether a declared index has its filter and its order: what the goal is about. */
  readonly isGoal: boolean;
  readonly paths: readonly string[];
}

// So many that no page of the cache of SQLite is always the one that is asked for.
const VARIANTS = 200;

export const LISTS: readonly MeasuredList[] = [
  list('newest of all', true, () => ({})),
  list('of one shop, newest first', true, (index) => ({
    filter: `shop = ${(index * 37) % SHOPS}`,
    sort: '-createdAt',
  })),
  list('of one status and above a price, cheapest first', true, (index) => ({
    filter: `status = "${STATUSES[index % STATUSES.length]}" and price_fen > ${index * 400}`,
    sort: 'price_fen',
  })),
  list('of one city in a document, newest first', true, (index) => ({
    filter: `address.city = "${CITIES[index % CITIES.length]}"`,
    sort: '-createdAt',
  })),
  list('found by two characters', false, (index) => ({ search: index % 2 === 0 ? '绿茶' : '龙井' })),
  list('found by one character', false, (index) => ({ search: index % 2 === 0 ? '茶' : '壶' })),
  list('within 2 km, nearest first', false, (index) => ({
    near: `at,${(CENTER.lat + (index % 20) / 40).toFixed(4)},${(CENTER.lng - (index % 17) / 40).toFixed(4)},2000`,
  })),
];

function list(
  name: string,
  isGoal: boolean,
  queryOf: (index: number) => Readonly<Record<string, string>>,
): MeasuredList {
  const paths = Array.from({ length: VARIANTS }, (_, index) => {
    const query = new URLSearchParams({ limit: '20', ...queryOf(index) });
    return `/api/items?${query}`;
  });
  return { name, isGoal, paths };
}

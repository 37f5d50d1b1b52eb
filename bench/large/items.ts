import { collection, field } from 'maque';

export const SHOPS = 1_000;
export const STATUSES = ['draft', 'open', 'sold', 'gone'] as const;
export const CITIES = ['武汉', '上海', '成都', '杭州', '广州', '西安', '厦门', '昆明'] as const;
const WORDS = ['绿茶', '红茶', '普洱', '龙井', '茶壶', '茶杯', '礼盒', '茶叶罐'] as const;
/** A square of 1.8 degrees around Wuhan, some 170 by 200 km. */
export const CENTER = { lat: 30.6, lng: 114.3 };
const SPREAD = 0.9;

/** The collection as it is served. */
export const items = collection({
  fields: {
    title: field.text({ maxLength: 80 }),
    shop: field.int(),
    status: field.enum(STATUSES),
    price_fen: field.money(),
    address: field.object({ city: field.text({ maxLength: 20 }), street: field.text({ maxLength: 40 }) }),
    at: field.geo(),
  },
  indexes: [['shop', '-createdAt'], ['status', 'price_fen'], ['address.city', '-createdAt'], ['-createdAt']],
  search: ['title'],
  rules: { list: 'public', read: 'public' },
});

/** The row of an item, in the order of {@link ITEM_COLUMNS}: the same for the same number. */
export function itemRow(index: number, now: number): (string | number)[] {
  const spread = (prime: number, modulus: number) => (index * prime) % modulus;
  const pick = <Item>(list: readonly Item[], prime: number) => list[spread(prime, list.length)] as Item;
  const [lat, lng] = [7_919, 104_729].map(
    (prime) => (spread(prime, 1_000_003) / 1_000_003 - 0.5) * 2 * SPREAD,
  );
  return [
    `i${String(index).padStart(9, '0')}`,
    `${pick(WORDS, 7)}${pick(WORDS, 13)} 第 ${index} 号`,
    spread(9_973, SHOPS),
    pick(STATUSES, 31),
    100 + spread(7_907, 100_000),
    JSON.stringify({ city: pick(CITIES, 3), street: `${spread(17, 500)} 号` }),
    JSON.stringify({ lat: CENTER.lat + (lat ?? 0), lng: CENTER.lng + (lng ?? 0) }),
    now + index,
    now + index,
  ];
}

export const ITEM_COLUMNS = [
  'id',
  'title',
  'shop',
  'status',
  'price_fen',
  'address',
  'at',
  'createdAt',
  'updatedAt',
];

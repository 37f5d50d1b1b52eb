import { MiB } from '@maque/kit';
import { CART_SHARE, type LiveCase, REQUESTS_PER_SECOND } from './live-cases.ts';
import type { Arrivals, Rate } from './scenario.ts';

const IMPORT_BYTES = 40 * MiB;
const IMPORT_ROW = JSON.stringify('x'.repeat(1_000));
const IMPORT_BODY = `[${Array(Math.floor(IMPORT_BYTES / (IMPORT_ROW.length + 1)))
  .fill(IMPORT_ROW)
  .join(',')}]`;
const PRODUCT_SHARE = 0.6;

// Popular pages are asked for again and again, rare ones seldom: the cache of the spiky app fills fast, then slowly, then is
// full. The others are asked for as many pages as they have seen before the leak begins.
const somePage =
  (pages: number) =>
  (_: number, random: () => number): string =>
    `/products/${Math.floor(pages * random() ** 3)}`;

const steady = (perSecond: number): Rate => {
  return () => perSecond;
};
/** Three times as much for 5 s of every 30. */
const bursts = (perSecond: number): Rate => {
  return (second) => (second % 30 < 5 ? perSecond * 3 : perSecond);
};

/** Who asks for what: 300 requests a second in all, the spiky app with bursts on top. */
export function trafficOf({ isSpiky }: LiveCase): readonly Arrivals[] {
  const share = (part: number): Rate => (isSpiky ? bursts : steady)(REQUESTS_PER_SECOND * part);
  const usual: Arrivals[] = [
    { route: 'GET /products/:id', rate: share(PRODUCT_SHARE), path: somePage(isSpiky ? 20_000 : 400) },
    { route: 'GET /search', rate: share(1 - PRODUCT_SHARE - CART_SHARE) },
    {
      route: 'POST /carts/:id/items',
      rate: share(CART_SHARE),
      path: (n) => `/carts/${n}/items`,
      body: () => '{}',
    },
  ];
  if (!isSpiky) return usual;
  return [
    ...usual,
    // A body of 40 MiB every 40 s, and every minute, from the second on, a cache that is rebuilt as a whole.
    { route: 'POST /imports', rate: steady(1 / 40), body: () => IMPORT_BODY },
    { route: 'POST /season', rate: (second) => (second < 90 ? 0 : 1 / 60) },
  ];
}

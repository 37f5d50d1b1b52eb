import type { DataAccess } from 'maque';
import { categories } from './categories.ts';
import { products } from './products.ts';
import { SHELVES, type Shelf, type Word } from './shelves.ts';

/** Fills an empty shop with 5 categories and 1,000 products, the same ones each time: p0001 to p1000. */
export async function seedProducts(db: DataAccess): Promise<void> {
  let number = 0;
  for (const [position, shelf] of SHELVES.entries()) {
    await db.create(categories, { id: shelf.category, name: shelf.zh, nameEn: shelf.en, position });
    for (const [thing, variant, size] of combinations(shelf)) {
      number += 1;
      await db.create(products, {
        id: `p${String(number).padStart(4, '0')}`,
        name: `${variant.zh}${thing.zh} ${size.zh}`,
        nameEn: `${thing.en}, ${variant.en}, ${size.en}`,
        category: shelf.category,
        description: `${thing.note ?? thing.zh}。${variant.zh}，${size.zh}。`,
        price_fen: priceFen(thing, variant, size),
        // Between 40 and 439, so that some run out in a busy demonstration and most do not.
        stock: 40 + ((number * 67) % 400),
      });
    }
  }
}

function* combinations({ things, variants, sizes }: Shelf): Generator<readonly [Word, Word, Word]> {
  for (const thing of things) {
    for (const variant of variants) for (const size of sizes) yield [thing, variant, size];
  }
}

/** What the thing costs, times what variant and size make of it, in whole yuan less ten fen: 25.90. */
function priceFen(thing: Word, variant: Word, size: Word): number {
  const yuan = (thing.price ?? 1) * (variant.price ?? 1) * (size.price ?? 1);
  return Math.max(1, Math.round(yuan)) * 100 - 10;
}

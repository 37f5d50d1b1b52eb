import type { Data, RecordOf } from 'maque';
import { orderErrors, SHORT } from './order-errors.ts';
import { orders } from './orders.ts';
import { products } from './products.ts';

interface Wish {
  readonly productId: string;
  readonly quantity: number;
}

type Product = RecordOf<typeof products>;

/**
 * Takes what is wished for from stock and writes the order, in one transaction: all of it or nothing.
 * @throws CodedError PRODUCT_UNKNOWN, ORDER_OUT_OF_STOCK with a detail for each product that is short.
 */
export function placeOrder(
  db: Data,
  userId: string,
  wishes: readonly Wish[],
): Promise<RecordOf<typeof orders>> {
  const quantities = mergeWishes(wishes);
  return db.transaction(async (tx) => {
    const known = await tx.getMany(products, [...quantities.keys()]);
    const items = [];
    let total_fen = 0;
    for (const [productId, quantity] of quantities) {
      const product = known.get(productId);
      if (product === undefined) throw orderErrors.PRODUCT_UNKNOWN({ data: { productId } });
      const isTaken = await tx.increment(products, productId, { stock: -quantity });
      if (!isTaken) throw outOfStock(known, quantities);
      items.push({ productId, name: product.name, price_fen: product.price_fen, quantity });
      total_fen += product.price_fen * quantity;
    }
    return tx.create(orders, { userId, items, total_fen });
  });
}

/** One quantity for each product: the same product twice is the sum of both. */
function mergeWishes(wishes: readonly Wish[]): ReadonlyMap<string, number> {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of wishes) {
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  }
  return quantities;
}

function outOfStock(known: ReadonlyMap<string, Product>, quantities: ReadonlyMap<string, number>): Error {
  const short = [...quantities].flatMap(([productId, quantity]) => {
    const product = known.get(productId);
    return product === undefined || product.stock >= quantity ? [] : [{ product, quantity }];
  });
  return orderErrors.ORDER_OUT_OF_STOCK({
    data: { names: short.map(({ product }) => product.name).join('、') },
    details: short.map(({ product, quantity }) => ({
      path: product.id,
      issue: SHORT,
      data: { quantity, stock: product.stock },
    })),
  });
}

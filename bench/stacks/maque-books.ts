import { DatabaseSync } from 'node:sqlite';
import type { SalesBooks } from './stack.ts';

/** Far more than a run can sell: the mix is about orders that are placed, not about refusing them. */
const STOCK = 1_000_000;

/** The shop's database file, read beside the running server. Closed by whoever opened it. */
export class MaqueBooks {
  readonly #database: DatabaseSync;
  readonly #stockAtStart: number;
  readonly #soldAtStart: { readonly orders: number; readonly quantity: number };

  /** Opens the books and fills the stock up. */
  constructor(file: string) {
    this.#database = new DatabaseSync(file, { timeout: 5_000 });
    this.#database.prepare('UPDATE products SET stock = ?').run(STOCK);
    this.#stockAtStart = this.#stock();
    this.#soldAtStart = this.#sold();
  }

  /** What was sold since the books were opened. */
  read(): SalesBooks {
    const sold = this.#sold();
    return {
      orders: sold.orders - this.#soldAtStart.orders,
      quantityOrdered: sold.quantity - this.#soldAtStart.quantity,
      stockTaken: this.#stockAtStart - this.#stock(),
    };
  }

  close(): void {
    this.#database.close();
  }

  #stock(): number {
    return Number(this.#database.prepare('SELECT SUM(stock) AS stock FROM products').get()?.stock);
  }

  #sold(): { orders: number; quantity: number } {
    const orders = this.#database.prepare('SELECT COUNT(*) AS count FROM orders').get()?.count;
    const quantity = this.#database
      .prepare(
        "SELECT SUM(item.value ->> 'quantity') AS quantity FROM orders, json_each(orders.items) AS item",
      )
      .get()?.quantity;
    return { orders: Number(orders), quantity: Number(quantity ?? 0) };
  }
}

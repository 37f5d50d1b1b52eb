import type { LoadTotals } from '../load/load-plan.ts';
import type { SalesBooks } from '../stacks/stack.ts';

/**
 * Holds what the users were told against what the database holds: each accepted order is there once, no other is (but
 * those whose answers were lost), and exactly what was ordered left the stock.
 * @returns what does not agree, in words.
 */
export function checkBooks(told: readonly LoadTotals[], books: SalesBooks): readonly string[] {
  const sum = (pick: (totals: LoadTotals) => number): number =>
    told.reduce((total, one) => total + pick(one), 0);
  const orders = sum((totals) => totals.ordersAccepted);
  const quantity = sum((totals) => totals.quantityAccepted);
  const unknown = sum((totals) => totals.ordersUnknown);
  const faults: string[] = [];
  if (books.stockTaken !== books.quantityOrdered) {
    faults.push(`${books.stockTaken} pieces left the stock, ${books.quantityOrdered} were ordered`);
  }
  if (books.orders < orders || books.orders > orders + unknown) {
    faults.push(`${books.orders} orders are stored, ${orders} were accepted and ${unknown} are unknown`);
  }
  if (unknown === 0 && books.quantityOrdered !== quantity) {
    faults.push(`${books.quantityOrdered} pieces are on stored orders, ${quantity} were accepted`);
  }
  return faults;
}

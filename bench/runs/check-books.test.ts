import { expect, test } from 'vitest';
import { checkBooks } from './check-books.ts';

const told = { ordersAccepted: 3, quantityAccepted: 5, ordersUnknown: 0 };

test('books that agree have no faults', () => {
  expect(checkBooks([told], { orders: 3, quantityOrdered: 5, stockTaken: 5 })).toEqual([]);
});

test('an order that was accepted and not stored is found', () => {
  expect(checkBooks([told], { orders: 2, quantityOrdered: 4, stockTaken: 4 })).toHaveLength(2);
});

test('stock that vanished without an order is found', () => {
  expect(checkBooks([told], { orders: 3, quantityOrdered: 5, stockTaken: 6 })).toEqual([
    '6 pieces left the stock, 5 were ordered',
  ]);
});

test('an order whose answer was lost may be stored or not, but not twice', () => {
  const unsure = { ...told, ordersUnknown: 1 };
  expect(checkBooks([unsure], { orders: 3, quantityOrdered: 5, stockTaken: 5 })).toEqual([]);
  expect(checkBooks([unsure], { orders: 4, quantityOrdered: 7, stockTaken: 7 })).toEqual([]);
  expect(checkBooks([unsure], { orders: 5, quantityOrdered: 8, stockTaken: 8 })).toHaveLength(1);
});

import { field, route } from 'maque';
import { orders } from './orders.ts';
import { placeOrder } from './place-order.ts';

const wish = field.object({
  productId: field.text({ maxLength: 40 }),
  quantity: field.int({ min: 1, max: 99 }),
});

export const orderRoutes = [
  route.post(
    '/orders',
    {
      auth: 'user',
      summary: 'Order products: takes them from stock and writes the order, or nothing of it',
      body: { items: field.list(wish, { minItems: 1, maxItems: 50 }) },
      answer: orders,
      status: 201,
    },
    ({ body, user, db }) => placeOrder(db, user.id, body.items),
  ),
];

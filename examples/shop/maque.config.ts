import { defineApp } from 'maque';
import { orderRoutes } from './src/order-routes.ts';
import { orders } from './src/orders.ts';
import { cancelUnpaid, markPaid, markRefunded } from './src/pay-order.ts';
import { products } from './src/products.ts';
import { seedProducts } from './src/seed-products.ts';

const app = defineApp({
  collections: { products, orders },
  routes: orderRoutes,
  seed: seedProducts,
  wechat: {
    onPaid: markPaid,
    onClosed: (payment, { db }) => cancelUnpaid(payment, db),
    onRefunded: (refund, { db }) => markRefunded(refund, db),
  },
});

export type App = typeof app;
export default app;

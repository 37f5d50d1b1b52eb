import { defineApp } from 'maque';
import { categories } from './src/categories.ts';
import { orderRoutes } from './src/order-routes.ts';
import { orders } from './src/orders.ts';
import { cancelUnpaid, markPaid, markRefunded } from './src/pay-order.ts';
import { products } from './src/products.ts';
import { reviews } from './src/reviews.ts';
import { seedProducts } from './src/seed-products.ts';

const app = defineApp({
  collections: { categories, products, orders, reviews },
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

import { defineApp } from 'maque';
import { orderRoutes } from './src/order-routes.ts';
import { orders } from './src/orders.ts';
import { products } from './src/products.ts';
import { seedProducts } from './src/seed-products.ts';

const app = defineApp({
  collections: { products, orders },
  routes: orderRoutes,
  seed: seedProducts,
});

export type App = typeof app;
export default app;

import { collection, defineErrors, field, owner } from 'maque';
import { orders } from './orders.ts';
import { products } from './products.ts';

export const reviewErrors = defineErrors({
  REVIEW_NOT_BOUGHT: {
    status: 409,
    message: { en: 'Only who has bought it can review it', zh: '购买后才能评价' },
  },
});

/** The latest orders that are looked through for the product: more than most people ever place. */
const ORDERS_LOOKED_AT = 100;

/** What buyers say of a product, with pictures. */
export const reviews = collection({
  fields: {
    userId: field.caller(),
    productId: field.relation(() => products),
    stars: field.int({ min: 1, max: 5 }),
    text: field.text({ maxLength: 500, minLength: 0 }).default(''),
    photos: field.files({ maxItems: 9, accept: ['image/*'] }).default([]),
    isShown: field.bool().default(true),
  },
  indexes: [['productId', '-createdAt']],
  search: ['text'],
  softDelete: { keepFor: '30d' },
  personal: { user: 'userId', onErase: 'delete' },
  rules: {
    list: [{ isShown: true }, owner('userId')],
    read: [{ isShown: true }, owner('userId')],
    create: owner('userId'),
    update: owner('userId'),
    delete: owner('userId'),
    // What does not belong into a shop is taken off the page by its keepers, and not put back by its author.
    fields: { isShown: { write: 'admin' } },
  },
  hooks: {
    create: {
      async before({ record, by, db }) {
        if (by.kind !== 'user') return;
        const bought = await db.list(orders, {
          where: { userId: by.id, status: { in: ['paid', 'shipped', 'done'] } },
          limit: ORDERS_LOOKED_AT,
        });
        const isBought = bought.some(({ items }) =>
          items.some(({ productId }) => productId === record.productId),
        );
        if (!isBought) throw reviewErrors.REVIEW_NOT_BOUGHT();
      },
    },
  },
});

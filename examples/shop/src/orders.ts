import { collection, field, owner } from 'maque';

/** What was bought, with name and price as they were then. */
const orderItem = field.object({
  productId: field.text({ maxLength: 40 }),
  name: field.text({ maxLength: 60 }),
  price_fen: field.money(),
  // A product wished for twice is one item, so this may be more than one wish may say.
  quantity: field.int({ min: 1 }),
});

export const orders = collection({
  fields: {
    userId: field.user(),
    items: field.list(orderItem, { minItems: 1, maxItems: 50 }),
    total_fen: field.money(),
    status: field
      .enum(['placed', 'paid', 'shipped', 'done', 'cancelled', 'refunding', 'refunded'])
      .default('placed'),
  },
  indexes: [['userId', '-createdAt']],
  sort: ['-createdAt'],
  // The books of a shop are kept for years, whoever wants to be forgotten.
  personal: { user: 'userId', onErase: 'anonymise' },
  // Orders are made and paid for by order-routes.ts; a user sees his own.
  rules: { list: owner('userId'), read: owner('userId'), update: 'admin' },
});

import { collection, field } from 'maque';
import { categories } from './categories.ts';

export const products = collection({
  fields: {
    name: field.text({ maxLength: 60 }),
    nameEn: field.text({ maxLength: 120 }),
    category: field.relation(() => categories),
    description: field.text({ maxLength: 500, minLength: 0 }).default(''),
    price_fen: field.money({ min: 1 }),
    stock: field.int({ min: 0, max: 100_000_000 }).default(0),
  },
  indexes: [['category', 'price_fen'], ['price_fen']],
  search: ['name', 'nameEn', 'description'],
  sort: ['id'],
  rules: { list: 'public', read: 'public', create: 'admin', update: 'admin', delete: 'admin' },
  // Stock changes with every order. A page may show it half a minute old; the order itself always looks.
  cache: { maxAge: '30s', tolerates: ['stock'] },
});

import { collection, field } from 'maque';

/** The shelves of the shop, a table of their own so that their names can change without a new version of the app. */
export const categories = collection({
  fields: {
    name: field.text({ maxLength: 20 }),
    nameEn: field.text({ maxLength: 40 }),
    position: field.int({ min: 0 }).default(0),
  },
  indexes: [['position']],
  sort: ['position'],
  rules: { list: 'public', read: 'public', create: 'admin', update: 'admin', delete: 'admin' },
  cache: { maxAge: '5m', staleFor: '1h' },
});

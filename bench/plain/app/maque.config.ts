import { collection, defineApp, field } from 'maque';
import { noteAt, SEEDED_NOTES } from '../notes.ts';

const notes = collection({
  fields: {
    title: field.text({ maxLength: 80 }),
    body: field.text({ maxLength: 2_000 }),
    stars: field.int({ min: 0, max: 5 }).default(0),
    isOpen: field.bool().default(true),
  },
  indexes: [['-createdAt']],
  rules: { list: 'public', read: 'public', create: 'public' },
});

export default defineApp({
  collections: { notes },
  async seed(db) {
    for (let index = 0; index < SEEDED_NOTES; index += 1) await db.create(notes, noteAt(index));
  },
});

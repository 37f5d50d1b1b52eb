import { expect, it } from 'vitest';
import { collection, field } from '../../define/index.ts';
import { withoutContent } from './without-content.ts';

const profiles = collection({
  fields: {
    userId: field.caller().unique(),
    handle: field.text({ maxLength: 8 }).unique(),
    name: field.text({ maxLength: 20 }),
    motto: field.text({ maxLength: 20 }).optional(),
    about: field.richText({ maxLength: 900 }).default(''),
    extras: field.json().default({ theme: 'light' }),
    home: field.geo().optional(),
    photo: field.file().optional(),
    pictures: field.files({ maxItems: 9 }).default([]),
    address: field.object({ city: field.text({ maxLength: 20 }) }),
    age: field.int().optional(),
    isShown: field.bool().default(true),
    friend: field.relation('self').optional(),
  },
});

it('leaves nothing of what was said or shown, and all that rules and relations hang on', () => {
  expect(withoutContent(profiles.fields, () => 'erased-1m7xqdmn8btwct7py6mt')).toEqual({
    handle: 'wct7py6mt'.slice(-8),
    name: '',
    motto: null,
    about: '',
    extras: { theme: 'light' },
    home: null,
    photo: null,
    pictures: [],
  });
});

import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../testing/definition-problems.ts';
import { defineApp } from './app.ts';
import { type AnyCollection, collection } from './collection.ts';
import { field } from './field-vocabulary.ts';
import { becomes, only, owner, role, was } from './rules.ts';

const title = field.text({ maxLength: 40 });
const notes = () => collection({ fields: { title } });

describe('a collection as declared', () => {
  it.each<[string, string, () => AnyCollection]>([
    ['NAME_INVALID', 'fields.a-b', () => collection({ fields: { 'a-b': title } })],
    [
      'NAME_INVALID',
      'fields.__proto__',
      () => collection({ fields: JSON.parse('{"__proto__":1}') && withProto() }),
    ],
    ['NAME_DUPLICATE', 'fields.Title', () => collection({ fields: { title, tITLE: title } })],
    ['NAME_RESERVED', 'fields.and', () => collection({ fields: { and: title } })],
    ['BOUNDS_INVALID', 'fields.a', () => collection({ fields: { a: field.text({ maxLength: 0 }) } })],
    ['BOUNDS_INVALID', 'fields.a', () => collection({ fields: { a: field.text({ maxLength: 99_999 }) } })],
    ['BOUNDS_INVALID', 'fields.a', () => collection({ fields: { a: field.int({ min: 5, max: 4 }) } })],
    ['BOUNDS_INVALID', 'fields.a', () => collection({ fields: { a: field.int({ max: 2 ** 53 }) } })],
    ['BOUNDS_INVALID', 'fields.a', () => collection({ fields: { a: field.enum([]) } })],
    ['BOUNDS_INVALID', 'fields.a', () => collection({ fields: { a: field.enum(['x', 'x']) } })],
    ['BOUNDS_INVALID', 'fields.a', () => collection({ fields: { a: field.list(title, { maxItems: 1e6 }) } })],
    [
      'BOUNDS_INVALID',
      'fields.a.items.b',
      () =>
        collection({
          fields: { a: field.list(field.object({ b: field.int({ min: 1, max: 0 }) }), { maxItems: 3 }) },
        }),
    ],
    ['DEFAULT_INVALID', 'fields.a', () => collection({ fields: { a: field.int({ max: 3 }).default(4) } })],
    ['UNIQUE_UNSUITED', 'fields.a', () => collection({ fields: { a: field.object({ b: title }).unique() } })],
    [
      'TRAIT_UNSUITED',
      'fields.a.b',
      () => collection({ fields: { a: field.object({ b: title.hidden() }) } }),
    ],
    [
      'TRAIT_UNSUITED',
      'fields.a.items',
      () =>
        collection({
          fields: {
            a: field.list(
              field.relation(() => notes()),
              { maxItems: 2 },
            ),
          },
        }),
    ],
    [
      'HIDDEN_REQUIRED',
      'fields.a',
      () => collection({ fields: { a: title.hidden() }, rules: { create: 'user' } }),
    ],
    [
      'FIELD_UNSUITED',
      'indexes.0',
      () => collection({ fields: { a: field.json() }, indexes: [['a' as never]] }),
    ],
    ['RELATION_UNKNOWN', 'fields.a', () => collection({ fields: { a: field.relation(() => notes()) } })],
    ['RULE_INVALID', 'sort', () => collection({ fields: { a: title.optional().hidden() }, sort: ['a'] })],
    [
      'BOUNDS_INVALID',
      'sort',
      () => collection({ fields: { a: field.text({ maxLength: 769 }) }, sort: ['a'] }),
    ],
    ['RULE_INVALID', 'rules.list', () => collection({ fields: { title }, rules: { list: {} } })],
    ['RULE_INVALID', 'rules.list', () => collection({ fields: { title }, rules: { list: [] } })],
    [
      'RULE_INVALID',
      'rules.list.title',
      () => collection({ fields: { title }, rules: { list: { title: {} } } }),
    ],
    ['RULE_INVALID', 'rules.list', () => collection({ fields: { title }, rules: { list: { allOf: [] } } })],
    [
      'RULE_INVALID',
      'rules.list',
      () => collection({ fields: { title }, rules: { list: 'everybody' as 'public' } }),
    ],
    [
      'RULE_INVALID',
      'rules.list.title',
      () => collection({ fields: { title }, rules: { list: { title: { '>': 5 as never } } } }),
    ],
    [
      'FIELD_UNKNOWN',
      'rules.list',
      () => collection({ fields: { title }, rules: { list: owner('tilte') as never } }),
    ],
    [
      'RULE_INVALID',
      'rules.list.title',
      () => collection({ fields: { title }, rules: { list: owner('title') as never } }),
    ],
    ['TRAIT_UNSUITED', 'fields.a.b', () => collection({ fields: { a: field.object({ b: field.file() }) } })],
    [
      'TRAIT_UNSUITED',
      'fields.a.b',
      () => collection({ fields: { a: field.json({ shape: { b: title.renamedFrom('c') } }) } }),
    ],
    ['BOUNDS_INVALID', 'fields.a', () => collection({ fields: { a: field.users({ maxItems: 1e6 }) } })],
    ['BOUNDS_INVALID', 'fields.a', () => collection({ fields: { a: field.richText({ maxLength: 1e7 }) } })],
    ['BOUNDS_INVALID', 'fields.a', () => collection({ fields: { a: field.file({ accept: ['jpg'] }) } })],
    ['NAME_DUPLICATE', 'fields.a', () => collection({ fields: { a: title.renamedFrom('b'), b: title } })],
    ['NAME_RESERVED', 'fields.createdBy', () => collection({ fields: { createdBy: title }, authors: true })],
    [
      'NAME_RESERVED',
      'computed.title',
      () => collection({ fields: { title }, computed: { title: { as: title, from: () => '' } } }),
    ],
    [
      'RELATION_UNKNOWN',
      'fields.a',
      () => collection({ fields: { a: field.relations(() => notes(), { maxItems: 2 }) } }),
    ],
    [
      'BOUNDS_INVALID',
      'indexes.0',
      () => collection({ fields: { title, at: field.geo() }, indexes: [['title', 'at']] }),
    ],
    [
      'FIELD_UNKNOWN',
      'indexes.0',
      () => collection({ fields: { a: field.object({ title }) }, indexes: [['a.titel' as never]] }),
    ],
    ['FIELD_UNKNOWN', 'search', () => collection({ fields: { title }, search: ['titel' as never] })],
    ['RULE_INVALID', 'search', () => collection({ fields: { a: title.optional().hidden() }, search: ['a'] })],
    [
      'DURATION_INVALID',
      'softDelete.keepFor',
      () => collection({ fields: { title }, softDelete: { keepFor: 'long' } }),
    ],
    ['ROLE_UNKNOWN', 'rules.list', () => collection({ fields: { title }, rules: { list: role('editr') } })],
    ['RULE_INVALID', 'rules.list', () => collection({ fields: { title }, rules: { list: role() } })],
    [
      'RULE_INVALID',
      'rules.read',
      () => collection({ fields: { title }, rules: { read: [was({ title: 'x' }) as never] } }),
    ],
    [
      'FIELD_UNKNOWN',
      'rules.update',
      () => collection({ fields: { title }, rules: { update: only('titel') as never } }),
    ],
    [
      'FIELD_UNKNOWN',
      'rules.update',
      () => collection({ fields: { title }, rules: { update: becomes({ titel: 1 }) as never } }),
    ],
    [
      'RULE_INVALID',
      'rules.fields.title.write',
      () =>
        collection({ fields: { title }, rules: { create: 'user', fields: { title: { write: 'nobody' } } } }),
    ],
    [
      'FIELD_UNKNOWN',
      'rules.list',
      () =>
        collection({
          fields: { a: field.relation('self') },
          rules: { list: { 'a.b': 1 } as never },
        }),
    ],
    [
      'RULE_INVALID',
      'rules.list.a.a.a.id',
      () =>
        collection({
          fields: { a: field.relation('self') },
          rules: { list: { 'a.a.a.id': 'x' } as never },
        }),
    ],
    [
      'RULE_INVALID',
      'rules.list.at',
      () =>
        collection({
          fields: { at: field.geo() },
          rules: { list: { at: { near: { lat: 1, lng: 1, meters: 1e6 } } } },
        }),
    ],
    [
      'HANDLER_UNKNOWN',
      'hooks.create.afterwards',
      () => collection({ fields: { title }, hooks: { create: { afterwards: () => {} } as never } }),
    ],
    [
      'RULE_INVALID',
      'cache.tolerates',
      () =>
        collection({
          fields: { title, at: field.object({ city: title }).optional() },
          rules: { list: ['admin', { allOf: ['user', { 'at.city': 'x' }] }] },
          cache: { maxAge: '1s', tolerates: ['at'] },
        }),
    ],
    ['DURATION_INVALID', 'cache.maxAge', () => collection({ fields: { title }, cache: { maxAge: 'soon' } })],
  ])('refuses with %s at %s', (code, where, declare) => {
    const problems = problemsOf(() => defineApp({ collections: { things: declare() } }));
    expect(problems.join('\n').toLowerCase()).toContain(`${code} collections.things.${where}`.toLowerCase());
  });
});

function withProto() {
  return Object.defineProperty({ title }, '__proto__', { value: title, enumerable: true });
}

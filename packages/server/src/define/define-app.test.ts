import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../testing/definition-problems.ts';
import { defineApp } from './app.ts';
import { collection } from './collection.ts';
import type { DefinitionError } from './definition-error.ts';
import { field } from './field-vocabulary.ts';
import { route } from './route.ts';
import { becomes, only, owner, role, was } from './rules.ts';

const title = field.text({ maxLength: 40 });
const notes = () => collection({ fields: { title } });
const answer = async () => ({});

describe('defineApp', () => {
  it('gives back what was declared, frozen', () => {
    const app = defineApp({ collections: { notes: notes() } });
    expect(Object.keys(app.collections)).toEqual(['notes']);
    expect(Object.isFrozen(app)).toBe(true);
  });

  it('tells every problem at once, in both languages', () => {
    const define = () =>
      defineApp({
        collections: {
          users: notes(),
          Notes: collection({ fields: { title, price: field.money(), createdAt: field.datetime() } }),
        },
        routes: [route.get('/login/again', { auth: 'public' }, answer)],
      });
    expect(problemsOf(define)).toEqual([
      'NAME_INVALID collections.Notes',
      'NAME_RESERVED collections.users',
      'MONEY_NAME collections.Notes.fields.price',
      'NAME_RESERVED collections.Notes.fields.createdAt',
      'PATH_RESERVED routes.0 GET /login/again',
    ]);
    try {
      define();
    } catch (error) {
      const { message, messageIn } = error as DefinitionError;
      expect(message.split('\n')).toHaveLength(5);
      expect(message).toContain('collections.Notes.fields.price: the name of a money field ends in _fen');
      expect(messageIn.call(error, 'zh-CN')).toContain('金额字段名须以 _fen 结尾');
    }
  });

  it('tells of options that there are none of, wherever they stand: they would hold nobody', () => {
    const misspelt = {
      fields: { title, userId: field.caller() },
      rulez: { list: 'public' },
      rules: {
        list: 'public',
        remove: 'nobody',
        field: { title: { read: 'admin' } },
        fields: { title: { raed: 'admin' } },
      },
      cache: { maxAge: '1m', stale: '5m' },
      softDelete: { keepFor: '30d', keep: true },
      personal: { user: 'userId', onErase: 'anonymise', clear: ['title'] },
      computed: { short: { as: title, from: () => 'x', cached: true } },
    };
    const define = () =>
      defineApp({
        collections: { notes: collection(misspelt as never) },
        routes: [route.get('/x', { auth: 'public', quary: {} } as never, answer)],
        role: ['editor'],
      } as never);
    expect(problemsOf(define)).toEqual([
      'OPTION_UNKNOWN role',
      'OPTION_UNKNOWN collections.notes.rulez',
      'OPTION_UNKNOWN collections.notes.computed.short.cached',
      'OPTION_UNKNOWN collections.notes.rules.remove',
      'OPTION_UNKNOWN collections.notes.rules.field',
      'OPTION_UNKNOWN collections.notes.rules.fields.title.raed',
      'OPTION_UNKNOWN collections.notes.personal.clear',
      'OPTION_UNKNOWN collections.notes.softDelete.keep',
      'OPTION_UNKNOWN collections.notes.cache.stale',
      'OPTION_UNKNOWN routes.0 GET /x.quary',
    ]);
    expect(define).toThrow(
      'collections.notes.rules.fields.title.raed: there is no such option (read?); there are read, write',
    );
  });

  it('refuses to tolerate what the rules of another collection depend on', () => {
    const shops = collection({
      fields: { isOpen: field.bool(), visits: field.int() },
      cache: { maxAge: '1s', tolerates: ['visits', 'isOpen'] },
    });
    const goods = collection({
      fields: { shop: field.relation(() => shops), title },
      rules: { list: 'public', fields: { title: { read: { 'shop.isOpen': true } } } },
    });
    const problems = problemsOf(() => defineApp({ collections: { shops, goods } }));
    expect(problems).toEqual(['RULE_INVALID collections.shops.cache.tolerates']);
  });

  it('refuses routes that no request can tell apart, and those of collections', () => {
    const routes = [
      route.get('/things/:id', { auth: 'public' }, answer),
      route.get('/other/:a', { auth: 'public' }, answer),
      route.get('/other/:b', { auth: 'public' }, answer),
      route.get('/other/{x}', { auth: 'public' }, answer),
      route.get('/with-body', { auth: 'public', body: { title } }, answer),
      route.get('/with-query', { auth: 'public', query: { a: field.json() } }, answer),
    ];
    const things = collection({ fields: { title }, rules: { read: 'public' } });
    expect(problemsOf(() => defineApp({ collections: { things }, routes }))).toEqual([
      'PATH_RESERVED routes.0 GET /things/:id',
      'PATH_RESERVED routes.2 GET /other/:b',
      'PATH_INVALID routes.3 GET /other/{x}',
      'BODY_UNSUITED routes.4 GET /with-body',
      'QUERY_UNSUITED routes.5 GET /with-query query.a',
    ]);
  });

  it('refuses a route where a collection brings back what was deleted', () => {
    const things = collection({
      fields: { title },
      softDelete: { keepFor: '1d' },
      rules: { delete: 'user' },
    });
    const routes = [route.post('/things/:thing/restore', { auth: 'user' }, answer)];
    expect(problemsOf(() => defineApp({ collections: { things }, routes }))).toEqual([
      'PATH_RESERVED routes.0 POST /things/:thing/restore',
    ]);
    expect(problemsOf(() => defineApp({ collections: { a__b: notes() } }))).toEqual([
      'NAME_RESERVED collections.a__b',
    ]);
  });

  it('refuses roles and audiences that there are not', () => {
    const define = () =>
      defineApp({
        collections: { notes: notes() },
        roles: ['editor', 'editor', 'admin', 'Big'],
        middleware: ['log' as never],
        routes: [
          route.get('/a', { auth: role('editr') }, answer),
          route.get('/b', { auth: 'everybody' as 'public' }, answer),
        ],
      });
    expect(problemsOf(define)).toEqual([
      'ROLE_INVALID roles.1',
      'ROLE_INVALID roles.2',
      'ROLE_INVALID roles.3',
      'HANDLER_INVALID middleware.0',
      'ROLE_UNKNOWN routes.0 GET /a auth',
      'AUDIENCE_INVALID routes.1 GET /b',
    ]);
    expect(define).toThrow('there is no role editr (editor?)');
  });

  it('takes what the rules of the platform can say', () => {
    const editor = role('editor', 'admin');
    const pages = collection({
      fields: {
        title,
        body: field.richText({ maxLength: 9_000 }),
        partOf: field.relation('self').optional(),
      },
      authors: true,
      search: ['title', 'body'],
      rules: {
        list: ['public', editor],
        create: { allOf: ['user', only('title', 'body')] },
        update: { allOf: [owner('createdBy'), was({ partOf: null }), becomes({ 'partOf.title': 'x' })] },
        fields: { body: { read: 'user', write: [editor, was({ title: 'draft' })] } },
      },
    });
    const app = defineApp({ collections: { pages }, roles: ['editor'] });
    expect((app.collections.pages.fields.partOf.spec as { target: () => unknown }).target()).toBe(pages);
  });

  it('refuses one declaration under two names', () => {
    const shared = notes();
    expect(problemsOf(() => defineApp({ collections: { a: shared, b: shared } }))).toEqual([
      'COLLECTION_TWICE collections.b',
    ]);
  });
});

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everyKind, everyKindApp } from '../../../testing/every-kind.ts';
import { type ServedApp, serveApp, temporaryFolder } from '../../../testing/serve-app.ts';

// Values one by one: check-value.test.ts. Filters: filter-parser.test.ts, filters.test.ts. Parameters and cursors of lists:
// lists.test.ts, list-extras.test.ts, expand.test.ts. Forms of batches and keys: batch.test.ts, idempotency-keys.test.ts.
// What nobody thought of: hostile-requests.test.ts.

const ANN = 'user:ann';
const { tags, things, people } = everyKind;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let served: ServedApp;
beforeAll(async () => {
  folder = await temporaryFolder();
  served = await serveApp(everyKindApp, { path: join(folder.path, 'app.sqlite') });
  await served.records.data.create(tags, { id: 'tea', name: 'tea' });
  await served.records.data.create(things, { id: 'mine', title: 'mine', ownerId: 'ann', stage: 'open' });
});
afterAll(async () => {
  await served.close();
  await folder.remove();
});

async function refusalOf(path: string, body?: string, headers: Readonly<Record<string, string>> = {}) {
  const { status, json } = await served.call(path, {
    as: ANN,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  return [status, json?.error?.code, json?.error?.details?.[0]?.path];
}
const ids = (count: number) => Array.from({ length: count }, (_, index) => `id${index}`);
const many = (count: number, part: string) => new Array(count).fill(part).join();

describe('a record is refused', () => {
  it.each<[string, string, string?]>([
    ['with 10,000 ids', `{"title":"a","tags":${JSON.stringify(ids(10_000))}}`, 'tags'],
    ['with ids of nothing', `{"title":"a","tags":${JSON.stringify(ids(20))}}`, 'tags.0'],
    ['with the same id twice', '{"title":"a","tags":["tea","tea"]}', 'tags'],
    ['with an id of nothing', '{"title":"a","tag":"nothing"}', 'tag'],
    ['with an id that is a path', '{"title":"a","tag":"../tea"}', 'tag'],
    [
      'with 100,000 unknown fields',
      `{${Array.from({ length: 50_000 }, (_, index) => `"k${index}":0`)}}`,
      'k0',
    ],
    ['with the name of a prototype', '{"title":"a","constructor":1}', 'constructor'],
    ['with a method for a name', '{"title":"a","toString":1}', 'toString'],
    ['with half a character', '{"title":"\\ud800"}', 'title'],
    ['with half a character in a list', '{"title":"a","words":["\\udc00"]}', 'words.0'],
    ['with a NUL', '{"title":"a\\u0000"}', 'title'],
    ['with a number beyond 2^53', '{"title":"a","count":9007199254740993}', 'count'],
    ['with a number beyond all', '{"title":"a","count":1e400}', 'count'],
    ['with a number beyond all in a document', '{"title":"a","anything":[{"x":-1e400}]}', 'anything'],
    ['with a fraction of a fen', '{"title":"a","price_fen":0.1}', 'price_fen'],
    ['with the day that is none', '{"title":"a","at":"0000-00-00T00:00:00Z"}', 'at'],
    ['with a day beyond the last', '{"title":"a","at":"+275760-09-14T00:00:00Z"}', 'at'],
    ['with a year before the first', '{"title":"a","at":"-000001-01-01T00:00:00Z"}', 'at'],
    ['with a moment that no zone has', '{"title":"a","at":"2026-01-01T00:00:00+99:99"}', 'at'],
    ['with a moment as a number', '{"title":"a","at":1767225600000}', 'at'],
    ['off the map', '{"title":"a","spot":{"lat":1e400,"lng":0}}', 'spot'],
    ['with a third dimension', '{"title":"a","spot":{"lat":1,"lng":0,"alt":5}}', 'spot'],
    ['with a hidden field', '{"name":"x","secret":"y"}', 'name'],
    ['with a list for a text', '{"title":["a"]}', 'title'],
    ['with what only the server says', '{"title":"a","id":"x1","createdAt":"2026-01-01T00:00:00Z"}', 'id'],
  ])('%s', async (_what, body, path) => {
    expect(await refusalOf('/api/things', body)).toEqual([400, 'VALIDATION_FAILED', path]);
  });

  it.each([
    ['that reaches for a prototype', '{"title":"a","__proto__":{"ownerId":"bob"}}'],
    ['that does so within a document', '{"title":"a","anything":{"x":{"__proto__":{"y":1}}}}'],
    ['that hides it behind an escape', '{"title":"a","\\u005f_proto__":{"y":1}}'],
    ['that nests 17 deep', `{"anything":${'['.repeat(16)}${']'.repeat(16)}}`],
    ['that nests 80,000 deep', '{"anything":'.repeat(80_000)],
  ])('%s, before it is built', async (_what, body) => {
    expect(await refusalOf('/api/things', body)).toEqual([400, 'BAD_JSON', undefined]);
  });

  it('by what is said last, where a name comes twice', async () => {
    const create = (body: string) => served.call('/api/things', { as: ANN, body });
    const { json } = await create('{"title":"x","isDone":"no","title":"a","isDone":true}');
    expect(json).toMatchObject({ title: 'a', isDone: true });
    expect((await create('{"title":"a","count":2,"count":"x"}')).status).toBe(400);
    // Nobody can have the first looked at and the second kept.
    const body = '{"title":"a","ownerId":"ann","ownerId":"bob"}';
    expect((await create(body)).json.error.code).toBe('FORBIDDEN');
  });

  it('unless it is only strange: what was sent is what is kept', async () => {
    const anything = {
      constructor: 1,
      toString: 'x',
      '': [],
      half: '\ud800',
      nul: '\0',
      tiny: 5e-324,
      big: 1e308,
    };
    const body = JSON.stringify({ title: '👩‍👩‍👧\u202e', anything });
    const created = await served.call('/api/things', { as: ANN, body });
    expect([created.status, created.json.title]).toEqual([201, '👩‍👩‍👧\u202e']);
    const read = await served.call(`/api/things/${created.json.id}`, { as: ANN });
    expect(read.json.anything).toEqual(anything);
  });
});

describe('a list is refused', () => {
  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['with 2,500 fields', { fields: many(2_500, 'x') }, 'FIELDS_INVALID'],
    ['with 10,000 fields', { fields: many(10_000, 'x') }, 'HEADERS_TOO_LARGE'],
    ['with fields of a prototype', { fields: '__proto__' }, 'FIELDS_INVALID'],
    ['sorted by a prototype', { sort: 'constructor' }, 'SORT_INVALID'],
    ['sorted through a prototype', { sort: 'extras.constructor' }, 'SORT_INVALID'],
    ['sorted by 2,500 fields', { sort: many(2_500, 'x') }, 'SORT_INVALID'],
    ['filtered by a prototype', { filter: '__proto__ = 1' }, 'FILTER_INVALID'],
    ['filtered through a prototype', { filter: 'tag.__proto__ = "x"' }, 'FILTER_INVALID'],
    ['filtered by 1,000 ids', { filter: `id in (${many(1_000, '"a"')})` }, 'FILTER_INVALID'],
    ['filtered by 10,000 ids', { filter: `id in (${many(10_000, '"a"')})` }, 'HEADERS_TOO_LARGE'],
    ['filtered by 21 conditions', { filter: new Array(21).fill('count = 1').join(' or ') }, 'FILTER_INVALID'],
    ['filtered by a number without an end', { filter: `count = ${'9'.repeat(900)}` }, 'FILTER_INVALID'],
    ['filtered by a day that is none', { filter: 'at > "0000-00-00T00:00:00Z"' }, 'FILTER_INVALID'],
    ['filtered by a field that only owners read', { filter: 'cost_fen > 0' }, 'FILTER_INVALID'],
    ['filtered through a circle too often', { filter: 'tag.parent.parent.name = "x"' }, 'FILTER_INVALID'],
    ['expanded by 1,500 relations', { expand: many(1_500, 'tag') }, 'EXPAND_INVALID'],
    ['expanded by a relation of 12,000 letters', { expand: 'x'.repeat(12_000) }, 'EXPAND_INVALID'],
    ['expanded by a prototype', { expand: 'tag.__proto__' }, 'EXPAND_INVALID'],
    ['expanded through a circle too often', { expand: 'tag.parent.parent' }, 'EXPAND_INVALID'],
    ['searched for 101 letters', { search: 'a'.repeat(101) }, 'VALIDATION_FAILED'],
    ['near a number without an end', { near: `spot,${'9'.repeat(400)},0,1` }, 'VALIDATION_FAILED'],
    ['near no number', { near: 'spot,NaN,0,1' }, 'VALIDATION_FAILED'],
    ['near a prototype', { near: '__proto__,1,1,1' }, 'VALIDATION_FAILED'],
    ['by a parameter with the name of a prototype', { constructor: '1' }, 'VALIDATION_FAILED'],
    ['by a cursor of 12,000 letters', { cursor: 'A'.repeat(12_000) }, 'CURSOR_INVALID'],
  ])('%s', async (_what, query, code) => {
    const [status, told] = await refusalOf(`/api/things?${new URLSearchParams(query)}`);
    expect([status, told]).toEqual([code === 'HEADERS_TOO_LARGE' ? 431 : 400, code]);
  });

  it('by the cursor of another collection', async () => {
    await served.records.data.create(tags, { name: 'coffee' });
    const { nextCursor } = (await served.call('/api/tags?limit=1&sort=id')).json;
    const path = `/api/things?limit=1&sort=id&cursor=${nextCursor}`;
    expect((await refusalOf(path)).slice(0, 2)).toEqual([400, 'CURSOR_INVALID']);
  });

  it.each([
    '"',
    '* OR *',
    'title:x',
    'NEAR(a b, 1)',
    '-a',
    'a^2',
    '{',
    '\u0301'.repeat(100),
    '👩‍👩‍👧',
    '\ufdfa'.repeat(100),
    '🀄️',
    '\0',
    'AND',
  ])('not for the words %j, which are only looked for', async (search) => {
    const { status } = await served.call(`/api/things?${new URLSearchParams({ search, count: 'true' })}`);
    expect(status).toBe(200);
  });
});

describe('a write is refused', () => {
  const patch = (headers: Readonly<Record<string, string>>) =>
    served.call('/api/things/mine', { method: 'PATCH', as: ANN, headers, body: { title: 'mine' } });

  it('for whatever list of versions it has none of', async () => {
    for (const version of ['', ',', '"a"', 'W/"a", "b",,', '"'.repeat(9_000), '"a",'.repeat(2_000), 'mine']) {
      const { status, json } = await patch({ 'if-match': version });
      expect([version.slice(0, 9), status, json.error?.code]).toEqual([
        version.slice(0, 9),
        412,
        'PRECONDITION_FAILED',
      ]);
    }
    expect((await patch({ 'if-match': '"a", *' })).status).toBe(200);
  });

  it.each([
    ['in a batch', { create: 'batch', record: { operations: [] } }],
    ['in a prototype', { create: '__proto__', record: {} }],
    ['in a method', { delete: 'toString', id: 'x' }],
    ['in a table of the server', { delete: 'maque_users', id: 'x' }],
    ['with operations in it', { operations: [] }],
    ['that is a list', [['create', 'tags']]],
  ])('as a batch %s', async (_what, operation) => {
    const body = JSON.stringify({ operations: [operation] });
    expect(await refusalOf('/api/batch', body)).toEqual([400, 'VALIDATION_FAILED', 'operations.0']);
  });

  it('under a flood of keys without leaving any behind', async () => {
    const flood = Array.from({ length: 200 }, (_, index) =>
      refusalOf('/api/tags', '{"name":"tea"}', { 'idempotency-key': `flood-${index}` }),
    );
    expect(new Set((await Promise.all(flood)).map(([, code]) => code))).toEqual(new Set(['CONFLICT']));
    const sql = 'select count(*) as kept from maque_idempotency_keys';
    expect(await served.database.all({ sql, parameters: [] })).toEqual([{ kept: 0 }]);
  });

  it('when its answer would be a hundred times as long as itself', async () => {
    const anything = 'x'.repeat(16_000);
    const { id } = (await served.call('/api/things', { as: ANN, body: { title: 'long', anything } })).json;
    const operations = Array.from({ length: 100 }, (_, count) => ({
      update: 'things',
      id,
      changes: { count },
    }));
    const { status, json } = await served.call('/api/batch', { as: ANN, body: { operations } });
    expect([status, json.error.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect((await served.call(`/api/things/${id}?fields=title`, { as: ANN })).status).toBe(200);
  });
});

describe('relations', () => {
  it('in a circle are followed as far as was asked, and no record of it is lost', async () => {
    const { data } = served.records;
    await data.create(tags, { id: 'hen', name: 'hen' });
    await data.create(tags, { id: 'egg', name: 'egg', parent: 'hen' });
    await data.update(tags, 'hen', { parent: 'egg' });
    await data.create(tags, { id: 'self', name: 'self' });
    await data.update(tags, 'self', { parent: 'self' });
    const { json } = await served.call('/api/tags/hen?expand=parent.parent');
    expect(json.expanded.parent).toMatchObject({ id: 'egg', expanded: { parent: { id: 'hen' } } });
    expect(json.expanded.parent.expanded.parent).not.toHaveProperty('expanded');
    const found = await served.call(
      `/api/tags?${new URLSearchParams({ filter: 'parent.parent.name = "self"' })}`,
    );
    expect(found.json.items.map(({ id }: { id: string }) => id)).toEqual(['self']);
    const gone = await served.call('/api/tags/hen', { method: 'DELETE', as: 'admin:a' });
    expect([gone.status, gone.json.error.code]).toEqual([409, 'RECORD_IN_USE']);
    expect((await served.call('/api/tags/self', { method: 'DELETE', as: 'admin:a' })).status).toBe(204);
  });

  it('that lead from everybody to everybody bring no gigabyte along', async () => {
    const all = Array.from({ length: 100 }, (_, index) => `p${index}`);
    await served.records.data.transaction(async (tx) => {
      for (const id of all) await tx.create(people, { id, name: 'x'.repeat(500) });
      for (const id of all) await tx.update(people, id, { friends: all });
    });
    // A million records in one answer.
    const refusal = await refusalOf('/api/people?limit=100&expand=friends.friends');
    expect(refusal).toEqual([400, 'VALIDATION_FAILED', 'expand']);
    const { json } = await served.call('/api/people?limit=20&fields=id&expand=friends');
    expect(json.items[19].expanded.friends).toHaveLength(100);
  });
});

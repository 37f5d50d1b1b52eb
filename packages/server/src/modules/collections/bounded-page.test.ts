import { join } from 'node:path';
import { limits } from '@maque/contract';
import { MiB } from '@maque/kit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServedApp, serveApp, temporaryFolder } from '../../../testing/serve-app.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { field } from '../../define/field-vocabulary.ts';
import { owner } from '../../define/rules.ts';
import type { TrackedRequest } from '../../http/exchange.ts';
import type { HttpServer } from '../../http/http-server.ts';

const scans = collection({
  fields: {
    title: field.text({ maxLength: 40 }),
    userId: field.user(),
    page: field.json({ maxBytes: MiB }).optional(),
    back: field.json({ maxBytes: MiB }).optional(),
    // So long that four are no page.
    notes: field.list(field.json({ maxBytes: MiB }), { maxItems: 8 }).default([]),
    at: field.geo().optional(),
  },
  search: ['title'],
  sort: ['title'],
  rules: { list: owner('userId'), read: 'public' },
});
const folders = collection({
  fields: {
    scans: field.relations(() => scans, { maxItems: 20 }),
    drafts: field.relations(() => drafts, { maxItems: 20 }).default([]),
  },
  rules: { list: 'public', read: 'public' },
});
const drafts = collection({
  fields: { raw: field.json({ maxBytes: MiB }).hidden() },
  rules: { list: 'public', read: 'public' },
});
const app = defineApp({ collections: { scans, folders, drafts } });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let served: ServedApp;
const LONG = '茶'.repeat(300_000);

beforeAll(async () => {
  folder = await temporaryFolder();
  served = await serveApp(app, { path: join(folder.path, 'app.sqlite') });
  const { data } = served.records;
  for (let index = 0; index < 10; index += 1) {
    const at = { lat: 30 + index / 1_000, lng: 120 };
    const title = `绿茶 ${index}`;
    await data.create(scans, { id: `s${index}`, userId: 'u1', title, at, page: LONG });
    await data.create(drafts, { id: `f${index}`, raw: LONG });
  }
  const whole = { page: LONG, back: LONG, notes: [LONG, LONG, LONG, LONG] };
  for (const id of ['w0', 'w1']) await data.create(scans, { id, userId: 'u2', title: id, ...whole });
  await data.create(scans, { id: 'w2', userId: 'u2', title: 'w2' });
  await data.create(folders, { id: 'small', scans: ['s0', 's1'], drafts: ['f0'] });
  await data.create(folders, {
    id: 'large',
    scans: ['w0', 'w1'],
    drafts: Array.from({ length: 10 }, (_, index) => `f${index}`),
  });
});
afterAll(async () => {
  await served.close();
  await folder.remove();
});

/** The ids of each page. */
async function pages(query: Record<string, string>, as: string): Promise<string[][]> {
  const found: string[][] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const params = new URLSearchParams({ ...query, ...(cursor === '' ? {} : { cursor }) });
    const { text, json } = await served.call(`/api/scans?${params}`, { as });
    if (json.items.length > 1) expect(Buffer.byteLength(text)).toBeLessThan(limits.pageBytes + 10_000);
    found.push(json.items.map(({ id }: { id: string }) => id));
    cursor = json.nextCursor;
  }
  return found;
}

const ALL = [
  ['s0', 's1', 's2', 's3'],
  ['s4', 's5', 's6', 's7'],
  ['s8', 's9'],
];
const backwards = ALL.flat().reverse();
const BACKWARDS = [backwards.slice(0, 4), backwards.slice(4, 8), backwards.slice(8)];

it.each<[string, Record<string, string>, string[][]]>([
  ['in the order that is declared', {}, ALL],
  ['in another', { sort: '-title' }, BACKWARDS],
  ['in order of relevance', { search: '绿茶' }, BACKWARDS],
  ['of what is found, sorted', { search: '绿茶', sort: 'title' }, ALL],
  ['by distance', { near: 'at,30,120,5000' }, ALL],
  ['with some of the fields', { fields: 'id,page' }, ALL],
])('a page of long records ends early, and the next one goes on: %s', async (_, query, expected) => {
  expect(await pages({ limit: '100', ...query }, 'user:u1')).toEqual(expected);
});

it('a page that holds little is as long as it was asked for', async () => {
  expect(await pages({ limit: '100', fields: 'id,title' }, 'user:u1')).toEqual([ALL.flat()]);
  expect(await pages({ limit: '3' }, 'user:u1')).toEqual([
    ['s0', 's1', 's2'],
    ['s3', 's4', 's5'],
    ['s6', 's7', 's8'],
    ['s9'],
  ]);
});

it('a record that is longer than a page is one by itself', async () => {
  expect(await pages({ limit: '100' }, 'user:u2')).toEqual([['w0'], ['w1'], ['w2']]);
});

it('waits for room where too many long answers are on their way already', async () => {
  let http: HttpServer | undefined;
  const more = (server: HttpServer) => (http = server);
  const busy = await serveApp(app, { path: join(folder.path, 'app.sqlite'), more });
  const held = () => http?.admission().bodyBytes;
  const list = (limit: number) => busy.call(`/api/scans?limit=${limit}`, { as: 'user:u1' });
  expect((await list(4)).status).toBe(200);
  await expect.poll(held).toBe(0);
  const waiting = () => http?.bodies.admitAnswer({ heldBytes: 0 } as TrackedRequest, LONG);
  while (waiting() === true);
  const refused = await list(4);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect((await busy.call('/api/scans?fields=id', { as: 'user:u1' })).status).toBe(200);
  await busy.close();
});

it('relations bring no more than an answer should hold, hidden fields included', async () => {
  const read = async (id: string, expand: string) =>
    (await served.call(`/api/folders/${id}?expand=${expand}`)).json;
  const small = await read('small', 'scans,drafts');
  expect(small.expanded.scans).toHaveLength(2);
  expect(small.expanded.drafts).toMatchObject([{ id: 'f0' }]);
  for (const expand of ['drafts', 'scans'])
    expect((await read('large', expand)).error).toMatchObject({
      code: 'VALIDATION_FAILED',
      details: [{ path: 'expand' }],
    });
});

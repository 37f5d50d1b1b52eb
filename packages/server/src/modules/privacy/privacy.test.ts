import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createManualClock, MINUTE } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, callerOf, claimConsole } from '../../../testing/console-client.ts';
import { logIn, smallApp, startServer, startWechat, type TestServer } from '../../../testing/start-server.ts';
import { collection, defineApp, field, owner, role } from '../../define/index.ts';

const orders = collection({
  fields: {
    userId: field.caller(),
    total_fen: field.money(),
    address: field.text({ maxLength: 100 }).optional(),
    note: field.text({ maxLength: 100 }).optional().hidden(),
    verdict: field.text({ maxLength: 100 }).optional(),
    reason: field.text({ maxLength: 100 }).optional(),
  },
  authors: true,
  rules: {
    create: 'user',
    read: owner('userId'),
    list: owner('userId'),
    fields: { verdict: { read: role('support') }, reason: { read: [role('support'), { total_fen: 5 }] } },
  },
  personal: { user: 'userId', onErase: 'anonymise', clears: ['address'] },
});
const cart = collection({
  fields: { userId: field.caller(), count: field.int() },
  rules: { create: 'user', list: owner('userId'), delete: owner('userId') },
  softDelete: { keepFor: '30d' },
  personal: { user: 'userId', onErase: 'delete' },
});
const posts = collection({
  fields: { authorId: field.user().optional(), text: field.text({ maxLength: 100 }) },
  rules: { create: 'user', list: 'public' },
  softDelete: { keepFor: '30d' },
  personal: { user: 'authorId', onErase: 'delete' },
});
const answers = collection({
  fields: { userId: field.caller(), post: field.relation(() => posts) },
  rules: { create: 'user', list: 'public' },
  personal: { user: 'userId', onErase: 'delete' },
});
const shops = collection({
  fields: { managerId: field.user(), name: field.text({ maxLength: 20 }) },
  rules: { list: 'public' },
  personal: false,
});
const letters = collection({
  fields: {
    from: field.user(),
    to: field.user().optional(),
    readers: field.users({ maxItems: 9 }).default([]),
    text: field.text({ maxLength: 20 }).optional(),
  },
  rules: { create: 'user' },
  softDelete: { keepFor: '30d' },
  personal: { user: ['from', 'to', 'readers'], onErase: 'anonymise', clears: ['text'] },
});
const wiki = collection({
  fields: { title: field.text({ maxLength: 20 }) },
  authors: true,
  rules: { read: 'public', create: 'user', update: 'user' },
  softDelete: { keepFor: '30d' },
});
const collections = { orders, cart, posts, answers, shops, letters, wiki };
const app = defineApp({ collections, roles: ['support'] });

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(64)]);
const opened = new AsyncDisposableStack();
const clock = createManualClock(Date.now());
let server: TestServer;
let call: Call;
let dataDir: string;
let simulator: string;
let admin: string;

beforeAll(async () => {
  dataDir = opened.use(await tempFolder()).path;
  simulator = opened.use(await startWechat()).url;
  server = opened.use(await startServer({ dataDir, simulator, app, clock }));
  call = callerOf(server);
  admin = await claimConsole(call, dataDir, clock);
});
afterAll(() => opened.disposeAsync());

function rows(sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(join(dataDir, 'maque.db'));
  try {
    return database.prepare(sql).all() as Record<string, unknown>[];
  } finally {
    database.close();
  }
}

async function upload(token: string): Promise<string> {
  const body = new FormData();
  body.append('file', new Blob([PNG], { type: 'image/png' }), 'a.png');
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${server.url}/api/uploads`, { method: 'POST', headers, body });
  return ((await response.json()) as { id: string }).id;
}

const idOf = async (token: string): Promise<string> => (await call('GET', '/api/me', { token })).json.id;

/** A user who has left something everywhere. */
async function liveHere(code: string) {
  const token = await logIn(server, code);
  const { id } = (await call('GET', '/api/me', { token })).json;
  const make = async (path: string, body: object) => (await call('POST', path, { token, body })).json.id;
  await call('POST', '/api/me/phone', { token, body: { code: `phone-${code}` } });
  const order = await make('/api/orders', { total_fen: 990, address: '杭州市西湖区' });
  const kept = await make('/api/cart', { count: 1 });
  const thrown = await make('/api/cart', { count: 2 });
  await call('DELETE', `/api/cart/${thrown}`, { token });
  const post = await make('/api/posts', { authorId: id, text: 'hello' });
  const file = await upload(token);
  rows(`update orders set note = 'secret' where id = '${order}'`);
  rows(
    `insert into maque_payments (outTradeNo, reference, userId, openid, amountFen, description, status, expiresAt, reservedFen, refundedFen, createdAt, paidAt) values ('p-${order}', '${order}', '${id}', 'o-1', 990, 'tea', 'paid', 1, 0, 0, 1, 2)`,
  );
  return { token, id, order, kept, thrown, post, file };
}

describe('an export', () => {
  it('has everything of the user and nothing of anybody else, but what is hidden', async () => {
    const ann = await liveHere('demo-1');
    const bob = await liveHere('demo-2');
    const answer = await call('GET', '/api/me/export', { token: ann.token });
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    expect(answer.json).toMatchObject({
      user: { id: ann.id, phone: expect.stringMatching(/^1380000/) },
      miniPrograms: [{ appId: 'wx0123456789abcdef' }],
      sessions: [{ ip: '127.0.0.1' }],
      collections: {
        orders: [{ id: ann.order, address: '杭州市西湖区', total_fen: 990 }],
        cart: [{ id: ann.kept }, { id: ann.thrown }],
        posts: [{ id: ann.post, text: 'hello' }],
        answers: [],
      },
      files: [{ id: ann.file, type: 'image/png' }],
      payments: [{ reference: ann.order, amount_fen: 990, status: 'paid' }],
    });
    const text = JSON.stringify(answer.json);
    for (const foreign of [bob.id, bob.order, bob.file, 'secret', 'o-1']) expect(text).not.toContain(foreign);
    expect((await call('GET', '/api/me/export', { token: ann.token })).code).toBe('TOO_MANY_REQUESTS');
    const path = `/api/admin/users/${ann.id}/export`;
    expect((await call('GET', path, { token: admin })).json.collections).toEqual(answer.json.collections);
    expect((await call('GET', path, { token: bob.token })).code).toBe('FORBIDDEN');
    expect((await call('GET', '/api/admin/users/none/export', { token: admin })).code).toBe('NOT_FOUND');
  });

  it('shows of a record what the rules of its fields show its user', async () => {
    const token = await logIn(server, 'demo-8');
    const make = async (total_fen: number) =>
      (await call('POST', '/api/orders', { token, body: { total_fen } })).json.id;
    const [small, large] = [await make(5), await make(6)];
    rows(`update orders set verdict = 'a liar', reason = 'price' where id in ('${small}', '${large}')`);
    const { orders } = (await call('GET', '/api/me/export', { token })).json.collections;
    expect(orders).toMatchObject([
      { id: small, reason: 'price' },
      { id: large, reason: null },
    ]);
    expect(JSON.stringify(orders)).not.toContain('a liar');
  });

  it('comes in pieces, however much there is', async () => {
    const token = await logIn(server, 'demo-many');
    const { id } = (await call('GET', '/api/me', { token })).json;
    rows(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 1234) insert into cart (id, userId, count, createdAt, updatedAt) select 'c' || substr('0000' || i, -4), '${id}', i, 1, 1 from n`,
    );
    const { cart } = (await call('GET', '/api/me/export', { token })).json.collections;
    expect(cart.map(({ count }: { count: number }) => count)).toEqual(
      Array.from({ length: 1234 }, (_, i) => i + 1),
    );
  });
});

describe('who is forgotten', () => {
  it('is nobody at once, leaves nothing but what the law wants kept, and may come again as another', async () => {
    const user = await liveHere('demo-3');
    const other = await liveHere('demo-4');
    await call('POST', '/api/answers', { token: other.token, body: { post: user.post } });
    const isFileThere = () =>
      readdirSync(join(dataDir, 'files'), { recursive: true }).some((path) =>
        String(path).endsWith(user.file),
      );
    expect(isFileThere()).toBe(true);
    expect((await call('DELETE', '/api/me', { token: user.token })).status).toBe(202);
    expect((await call('GET', '/api/me', { token: user.token })).code).toBe('TOKEN_INVALID');

    const everywhere = () =>
      JSON.stringify(
        [
          'orders',
          'cart',
          'posts',
          'maque_uploads',
          'maque_payments',
          'maque_users',
          'maque_wechat_accounts',
          'maque_sessions',
        ].map((table) => rows(`select * from ${table}`)),
      );
    await waitUntil('the rest to be gone', () => !everywhere().includes(user.id) && !isFileThere());
    const [order] = rows(`select * from orders where id = '${user.order}'`);
    expect(order).toMatchObject({ total_fen: 990, address: null, userId: expect.stringMatching(/^erased-/) });
    const [payment] = rows(`select * from maque_payments where reference = '${user.order}'`);
    expect(payment).toMatchObject({ amountFen: 990, openid: '', userId: expect.stringMatching(/^erased-/) });
    expect(payment?.userId).not.toBe(order?.userId);
    expect(rows(`select id from cart where id in ('${user.kept}', '${user.thrown}')`)).toEqual([]);
    // Somebody has answered it: it stays, nobody has written it, and it says nothing.
    expect(rows(`select authorId, text from posts where id = '${user.post}'`)).toEqual([
      { authorId: null, text: '' },
    ]);
    expect(rows(`select id from orders where id = '${other.order}' and userId = '${other.id}'`)).toHaveLength(
      1,
    );
    expect((await call('GET', '/api/me', { token: other.token })).status).toBe(200);

    const again = await logIn(server, 'demo-3');
    expect((await call('GET', '/api/me', { token: again })).json.id).not.toBe(user.id);
    const [proof] = (await call('GET', `/api/admin/audit?target=${user.id}`, { token: admin })).json.items;
    expect(proof).toMatchObject({ actorKind: 'user', action: 'DELETE /api/me', status: 202, ip: null });
  });

  it('goes out of every field that is theirs, and out of lists of several, whoever else is in them', async () => {
    const [ann, bob] = [await logIn(server, 'demo-11'), await logIn(server, 'demo-12')];
    const [annId, bobId] = [await idOf(ann), await idOf(bob)];
    const send = async (letter: object) =>
      (await call('POST', '/api/letters', { token: bob, body: { text: 'dear', ...letter } })).json.id;
    const received = await send({ from: bobId, to: annId, readers: [annId] });
    const sent = await send({ from: annId, to: bobId, readers: [bobId, annId] });
    const read = await send({ from: bobId, readers: [bobId, annId] });
    const thrown = await send({ from: bobId, to: null, readers: [annId, bobId] });
    await send({ from: bobId });
    rows(`update letters set deletedAt = 1 where id = '${thrown}'`);
    const { collections } = (await call('GET', '/api/me/export', { token: ann })).json;
    expect(collections.letters.map(({ id }: { id: string }) => id)).toEqual([sent, received, read, thrown]);

    await call('DELETE', '/api/me', { token: ann });
    const named = () =>
      JSON.stringify([rows('select * from letters'), rows('select * from letters__readers')]);
    await waitUntil('the letters to be nobody’s', () => !named().includes(annId));
    const letter = (id: string) =>
      rows(`select "from", "to", readers, text, deletedAt from letters where id = '${id}'`)[0];
    expect(letter(received)).toMatchObject({ from: bobId, to: null, readers: '[]', text: null });
    expect(letter(sent)).toMatchObject({ from: expect.stringMatching(/^erased-/), to: bobId, text: null });
    expect(letter(sent)?.readers).toBe(JSON.stringify([bobId]));
    expect(letter(read)).toMatchObject({ readers: JSON.stringify([bobId]), text: 'dear' });
    expect(letter(thrown)).toMatchObject({ readers: JSON.stringify([bobId]), deletedAt: 1 });
  });

  it('is no author any more of what is nobody’s, which stays as it is', async () => {
    const [ann, bob] = [await logIn(server, 'demo-13'), await logIn(server, 'demo-14')];
    const [annId, bobId] = [await idOf(ann), await idOf(bob)];
    const page = async (token: string) =>
      (await call('POST', '/api/wiki', { token, body: { title: 'tea' } })).json;
    const [byAnn, byBob, gone] = [await page(ann), await page(bob), await page(ann)];
    await call('PATCH', `/api/wiki/${byAnn.id}`, { token: bob, body: { title: 'oolong' } });
    await call('PATCH', `/api/wiki/${byBob.id}`, { token: ann, body: { title: 'oolong' } });
    rows(`update wiki set deletedAt = 1 where id = '${gone.id}'`);
    // More than are looked at in one go stand before them.
    rows(
      "with recursive n(i) as (select 1 union all select i + 1 from n where i < 1234) insert into wiki (id, title, createdAt, updatedAt) select '0' || i, 't', 1, 1 from n",
    );
    const [before, beforeBobs] = await Promise.all(
      [byAnn, byBob].map(async ({ id }) => (await call('GET', `/api/wiki/${id}`)).json),
    );
    await call('DELETE', '/api/me', { token: ann });
    await waitUntil(
      'the pages to be nobody’s',
      () => !JSON.stringify(rows('select * from wiki')).includes(annId),
    );
    const now = async ({ id }: { id: string }) => (await call('GET', `/api/wiki/${id}`)).json;
    expect(await now(byAnn)).toEqual({ ...before, createdBy: null, updatedBy: bobId });
    expect(await now(byBob)).toEqual({ ...beforeBobs, createdBy: bobId, updatedBy: null });
  });

  it('keeps what others refer to though it is in the bin, and what finds a file that is on its way', async () => {
    const user = await liveHere('demo-9');
    const other = await logIn(server, 'demo-10');
    await call('POST', '/api/answers', { token: other, body: { post: user.post } });
    rows(`update posts set deletedAt = 1 where id = '${user.post}'`);
    rows(
      `insert into maque_upload_tickets (id, ownerId, bytes, endsAt) values ('t-1', '${user.id}', 9, ${clock.now() + MINUTE})`,
    );
    await call('DELETE', '/api/me', { token: user.token });
    const owner = () => rows("select ownerId from maque_upload_tickets where id = 't-1'")[0]?.ownerId;
    await waitUntil('the ticket to be nobody’s', () => String(owner()).startsWith('erased-'));
    expect(rows(`select authorId, text, deletedAt from posts where id = '${user.post}'`)).toEqual([
      { authorId: null, text: '', deletedAt: 1 },
    ]);
  });

  it('leaves nothing that was written while they left', async () => {
    const user = await liveHere('demo-7');
    await call('DELETE', '/api/me', { token: user.token });
    await waitUntil(
      'the first look',
      () => rows(`select id from cart where userId = '${user.id}'`).length === 0,
    );
    rows(`insert into cart (id, userId, count, createdAt, updatedAt) values ('late', '${user.id}', 1, 1, 1)`);
    clock.advance(MINUTE);
    await waitUntil('the second look', () => rows("select id from cart where id = 'late'").length === 0);
  });

  it('by an admin, is forgotten the same way, and once', async () => {
    const user = await liveHere('demo-5');
    const erase = () => call('DELETE', `/api/admin/users/${user.id}`, { token: admin });
    expect((await erase()).status).toBe(202);
    expect((await erase()).code).toBe('NOT_FOUND');
    expect((await call('GET', '/api/me', { token: user.token })).code).toBe('TOKEN_INVALID');
  });

  it('keeps what a payment on its way needs until it is settled', async () => {
    const user = await liveHere('demo-6');
    rows(`update maque_payments set status = 'pending' where reference = '${user.order}'`);
    await call('DELETE', '/api/me', { token: user.token });
    const due = () =>
      Number(rows(`select max(dueAt) as at from maque_jobs where payload like '%${user.id}%'`)[0]?.at ?? 0);
    await waitUntil('the job to wait', () => due() > clock.now() + MINUTE);
    expect(rows(`select userId from orders where id = '${user.order}'`)).toEqual([{ userId: user.id }]);
    rows(`update maque_payments set status = 'closed' where reference = '${user.order}'`);
    clock.advance(11 * MINUTE);
    await waitUntil(
      'the order to be nobody’s',
      () => rows(`select id from orders where userId = '${user.id}'`).length === 0,
    );
  });
});

it('an app that has not said what becomes of its records forgets nobody', async () => {
  await using temp = await tempFolder();
  await using silent = await startServer({ dataDir: temp.path, simulator, app: smallApp });
  const token = await logIn(silent, 'demo-1');
  const answer = await callerOf(silent)('DELETE', '/api/me', { token });
  expect([answer.status, answer.code, answer.json.error.message]).toEqual([
    501,
    'ERASURE_UNDECLARED',
    'The app does not say what becomes of a user in: notes',
  ]);
  expect((await callerOf(silent)('GET', '/api/me', { token })).status).toBe(200);
});

it.each([
  ['a user that is no user field', { user: 'text', onErase: 'delete' }, 'BOUNDS_INVALID'],
  ['a user named twice', { user: ['userId', 'userId'], onErase: 'delete' }, 'BOUNDS_INVALID'],
  ['no user at all', { user: [], onErase: 'delete' }, 'BOUNDS_INVALID'],
  ['a field that is not there', { user: 'userID', onErase: 'delete' }, 'FIELD_UNKNOWN'],
  [
    'a required field that would be emptied',
    { user: 'userId', onErase: 'anonymise', clears: ['text'] },
    'BOUNDS_INVALID',
  ],
])('a declaration with %s is refused', (_case, personal, code) => {
  const fields = { userId: field.caller(), text: field.text({ maxLength: 10 }) };
  const define = () =>
    defineApp({ collections: { notes: collection({ fields, personal: personal as never }) } });
  expect(define).toThrow(expect.objectContaining({ problems: [expect.objectContaining({ code })] }));
});

import { afterEach, expect, test, vi } from 'vitest';
import { errorAnswer, type Script, startScriptedServer } from '../testing/scripted-server.ts';
import { insideWechat, tokenServer } from '../testing/token-server.ts';
import { createClient } from './client.ts';

afterEach(() => vi.unstubAllGlobals());

const upload = { id: 'f1', url: '/api/uploads/f1', type: 'image/jpeg', size: 5 };

/** A server that keeps its files itself. */
const keepingServer: Script = ({ path }) =>
  path === '/api/uploads/tickets' ? errorAnswer(409, 'UPLOAD_NOT_DIRECT') : { status: 201, body: upload };

/** A server whose files are in a store, which is on the same port here and answers as it is told. */
const storingServer =
  (url: () => string, store: () => ReturnType<Script>): Script =>
  ({ path }) => {
    const fields = { key: 'arriving/t1', policy: 'p' };
    const ticket = { id: 't1', url: `${url()}/bucket`, fields, expiresAt: '…' };
    if (path === '/api/uploads/tickets') return { status: 201, body: ticket };
    return path === '/bucket' ? store() : { status: 201, body: upload };
  };

test('inside WeChat a file is sent by its path, and by a new login when the old one has ended', async () => {
  const files = { 'wxfile://tmp/a.jpg': new TextEncoder().encode('bytes') };
  const wechat = insideWechat({ files });
  await using server = await startScriptedServer(tokenServer(keepingServer));
  wechat.stored.set(`maque:token:${server.url}`, 'ended');
  const client = createClient({ baseUrl: server.url });
  expect(await client.upload('wxfile://tmp/a.jpg')).toEqual(upload);
  const sent = server.seen.at(-1);
  expect(sent).toMatchObject({ method: 'POST', path: '/api/uploads' });
  expect(sent?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  expect(sent?.text).toMatch(/name="file"; filename="a.jpg"[\s\S]*bytes/);
  // A server that keeps files itself is not asked again.
  const before = server.seen.length;
  await client.upload('wxfile://tmp/a.jpg');
  expect(server.seen).toHaveLength(before + 1);
});

test.each([
  ['wxfile://tmp/a.jpg', { name: 'a.jpg', bytes: 5 }],
  [new Blob(['bytes'], { type: 'image/jpeg' }), { contentType: 'image/jpeg', bytes: 5 }],
])('a file goes straight to the store, which learns nothing of the user: %o', async (file, asked) => {
  if (typeof file === 'string') insideWechat({ files: { [file]: new TextEncoder().encode('bytes') } });
  const served = storingServer(
    () => server.url,
    () => ({}),
  );
  const guarded = tokenServer(served);
  await using server = await startScriptedServer((request) =>
    request.path === '/bucket' ? served(request) : guarded(request),
  );
  const client = createClient({ baseUrl: server.url, loginCode: async () => 'code' });
  await client.login();
  expect(await client.upload(file)).toEqual(upload);
  const [, ticket, sent, confirmed] = server.seen;
  expect(JSON.parse(ticket?.text ?? '')).toEqual(asked);
  expect([sent?.path, sent?.headers.authorization]).toEqual(['/bucket', undefined]);
  expect(sent?.text).toMatch(
    /name="key"\s+arriving\/t1[\s\S]+name="policy"\s+p\s[\s\S]+name="file"[\s\S]+bytes/,
  );
  expect(confirmed).toMatchObject({ method: 'POST', path: '/api/uploads/t1/confirm' });
});

test.each([
  ['is cut off', 'cut' as const],
  ['says that the server is busy', errorAnswer(503, 'OVERLOADED')],
])('a file that the store has is an upload although the answer to that %s', async (_, answer) => {
  let confirmed = 0;
  const serving = storingServer(
    () => server.url,
    () => ({}),
  );
  await using server = await startScriptedServer((request) => {
    if (!request.path.endsWith('/confirm')) return serving(request);
    confirmed += 1;
    return confirmed === 1 ? answer : serving(request);
  });
  const client = createClient({ baseUrl: server.url, retry: { baseDelayMs: 1 } });
  expect(await client.upload(new Blob(['bytes'], { type: 'image/jpeg' }))).toEqual(upload);
  expect(server.seen.map(({ path }) => path)).toEqual([
    '/api/uploads/tickets',
    '/bucket',
    '/api/uploads/t1/confirm',
    '/api/uploads/t1/confirm',
  ]);
});

test('a file of which neither name nor type tell the kind is told by its bytes, on the server', async () => {
  await using server = await startScriptedServer(({ path }) =>
    path === '/api/uploads/tickets'
      ? errorAnswer(415, 'FILE_KIND_UNSUPPORTED')
      : { status: 201, body: upload },
  );
  expect(await createClient({ baseUrl: server.url }).upload(new Blob(['bytes']))).toEqual(upload);
});

test.each([
  ['refuses it', () => ({ status: 403, body: '<Error/>' })],
  ['cannot be reached', () => 'cut' as const],
])('a file goes through the server when the store %s', async (_, store) => {
  await using server = await startScriptedServer(storingServer(() => server.url, store));
  const client = createClient({ baseUrl: server.url });
  expect(await client.upload(new Blob(['bytes'], { type: 'image/jpeg' }))).toEqual(upload);
  expect(server.seen.map(({ path }) => path)).toEqual(['/api/uploads/tickets', '/bucket', '/api/uploads']);
});

test('the address of a file is whole, so that a picture of a page can show it', () => {
  const client = createClient({ baseUrl: 'https://api.example.cn/' });
  expect(client.addressOf(upload.url)).toBe('https://api.example.cn/api/uploads/f1');
  expect(client.addressOf('https://example.cn/a.png')).toBe('https://example.cn/a.png');
});

test('a file that is refused, or is not there, is a coded error', async () => {
  insideWechat({ files: { 'wxfile://a': new Uint8Array(5) } });
  await using server = await startScriptedServer(() => errorAnswer(413, 'BODY_TOO_LARGE'));
  const client = createClient({ baseUrl: server.url });
  await expect(client.upload('wxfile://a')).rejects.toMatchObject({ code: 'BODY_TOO_LARGE', status: 413 });
  await expect(client.upload('wxfile://b')).rejects.toMatchObject({
    code: 'NETWORK_FAILED',
    cause: { message: 'uploadFile:fail file not found' },
  });
  expect(server.seen).toHaveLength(1);
});

test('outside of WeChat a file is a Blob', async () => {
  await using server = await startScriptedServer(keepingServer);
  const client = createClient({ baseUrl: server.url });
  expect(await client.upload(new Blob(['bytes'], { type: 'image/jpeg' }))).toEqual(upload);
  expect(server.seen[1]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  expect(server.seen[1]?.text).toMatch(/name="file"; filename="[\s\S]*bytes/);
});

test('a private file says so on both ways, and is loaded by a link', async () => {
  const link = { id: 'f1', url: '/api/uploads/f1?expires=1&signature=s', expiresAt: '…' };
  await using keeping = await startScriptedServer((request) =>
    request.path === '/api/uploads/links' ? { body: { items: [link] } } : keepingServer(request),
  );
  const client = createClient({ baseUrl: keeping.url });
  await client.upload(new Blob(['bytes'], { type: 'image/jpeg' }), { private: true });
  expect(JSON.parse(keeping.seen[0]?.text ?? '')).toMatchObject({ bytes: 5, private: true });
  expect(keeping.seen[1]?.path).toBe('/api/uploads?private=true');
  expect(await client.fileLinks(['f1', 'f2'])).toEqual([{ ...link, url: keeping.url + link.url }]);
  expect(keeping.seen[2]?.text).toBe('{"ids":["f1","f2"]}');
});

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Upload, UploadLinksAnswer, UploadTicket } from '@maque/contract';
import { createManualClock, HOUR, KiB, type ManualClock, MINUTE, MiB } from '@maque/kit';
import { freePort } from '@maque/testkit/process/free-port';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { sendRequest } from '@maque/testkit/scenarios/send-request';
import { createObjectStoreSimulator, type ObjectStoreSimulator } from '@maque/wechat/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORM_TYPE, formWith, jpegOf } from '../../../testing/multipart.ts';
import { pngOf, sizeOfPicture } from '../../../testing/pictures.ts';
import { logIn, startServer, startWechat, type TestServer } from '../../../testing/start-server.ts';

const ACCOUNT = { bucket: 'shop-1250000000', region: 'cn-hangzhou', keyId: 'AKID', keySecret: 'the-secret' };
const FILE_QUOTA = 4;
const SLIDES = 'application/vnd.openxmlformats-officedocument.presentationml.presentation';

describe.each(['cos', 'oss', 's3'] as const)('with files in %s', (kind) => {
  const opened = new AsyncDisposableStack();
  const tokens: Record<string, string> = {};
  let clock: ManualClock;
  let store: ObjectStoreSimulator;
  let dataDir: string;
  let server: TestServer;

  beforeAll(async () => {
    clock = createManualClock(Date.now());
    store = await createObjectStoreSimulator({ kind, ...ACCOUNT, clock });
    opened.defer(() => store.close());
    dataDir = opened.use(await tempFolder()).path;
    const wechat = opened.use(await startWechat());
    const port = String(await freePort());
    const env = {
      MAQUE_FILE_STORE: kind,
      MAQUE_STORE_BUCKET: ACCOUNT.bucket,
      MAQUE_STORE_REGION: ACCOUNT.region,
      MAQUE_STORE_KEY_ID: ACCOUNT.keyId,
      MAQUE_STORE_KEY_SECRET: ACCOUNT.keySecret,
      MAQUE_STORE_ENDPOINT: store.url,
      MAQUE_PUBLIC_URL: `http://127.0.0.1:${port}`,
      MAQUE_UPLOAD_LIMIT: String(256 * KiB),
      MAQUE_UPLOAD_COUNT: String(FILE_QUOTA),
      MAQUE_UPLOAD_QUOTA: String(MiB),
      // A busy machine makes no thumbnails: what is optional goes first.
      MAQUE_LATENCY_GOAL: '60s',
      PORT: port,
    };
    server = opened.use(await startServer({ dataDir, simulator: wechat.url, env, clock }));
    for (const name of ['ann', 'bob', 'race', 'count', 'late', 'cat']) {
      tokens[name] = await logIn(server, wechat.simulator.issueCode(name));
    }
  });
  afterAll(() => opened.disposeAsync());

  const call = (name: string, method: string, path: string, body?: object) =>
    sendRequest(server.url, {
      ...{ method, path, headers: { authorization: `Bearer ${tokens[name]}` } },
      ...(body === undefined ? {} : { body }),
    });
  const ask = (name: string, request: object) => call(name, 'POST', '/api/uploads/tickets', request);
  const ticketFor = async (name: string, bytes: number) =>
    (await ask(name, { name: 'IMG_1.JPEG', bytes })).json<UploadTicket>();
  const confirm = (name: string, { id }: UploadTicket) => call(name, 'POST', `/api/uploads/${id}/confirm`);
  const failure = async (answer: ReturnType<typeof call>) => {
    const { status, json } = await answer;
    return [status, json<{ error: { code: string } }>().error.code];
  };
  const send = ({ url, fields }: UploadTicket, content: Uint8Array) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('file', new Blob([new Uint8Array(content)]), 'a.jpg');
    return fetch(url, { method: 'POST', body: form });
  };
  const upload = async (name: string, content: Uint8Array) => {
    const ticket = await ticketFor(name, content.length);
    expect((await send(ticket, content)).status).toBe(200);
    return (await confirm(name, ticket)).json<Upload>();
  };
  const keptKeys = () => store.keys().filter((key) => key.startsWith('uploads/'));
  const nothingKept = () => waitUntil('no file to be kept', () => keptKeys().length === 0);
  const remove = async (name: string, url: string) => {
    expect((await call(name, 'DELETE', url)).status).toBe(204);
    await nothingKept();
  };

  it('a client sends a file there, and anybody who has its address loads it from there', async () => {
    const content = jpegOf(100 * KiB);
    const answer = await ask('ann', { name: '../etc/IMG_1.JPEG', bytes: content.length });
    const ticket = answer.json<UploadTicket>();
    expect([answer.status, Date.parse(ticket.expiresAt) - clock.now()]).toEqual([201, 10 * MINUTE]);
    expect(ticket.url.startsWith(store.url)).toBe(true);
    expect(await failure(confirm('ann', ticket))).toEqual([409, 'UPLOAD_NOT_ARRIVED']);

    await send(ticket, content);
    const confirmed = await confirm('ann', ticket);
    const { url, type, size } = confirmed.json<Upload>();
    expect([confirmed.status, confirmed.headers.location, type, size]).toEqual([
      201,
      url,
      'image/jpeg',
      102_400,
    ]);
    expect((await confirm('ann', ticket)).json()).toEqual(confirmed.json());

    const redirect = await sendRequest(server.url, { path: url });
    expect([redirect.status, redirect.headers.etag]).toEqual([302, undefined]);
    expect(redirect.headers['cache-control']).toMatch(/^public, max-age=\d{2,4}$/);
    const loaded = await fetch(server.url + url);
    expect(loaded.url.startsWith(store.url)).toBe(true);
    expect(loaded.headers.get('content-type')).toBe('image/jpeg');
    expect(loaded.headers.get('content-disposition')).toMatch(/^inline; filename="[0-9a-f]{32}\.jpg"$/);
    expect(Buffer.from(await loaded.arrayBuffer()).equals(content)).toBe(true);
    const head = await sendRequest(server.url, { method: 'HEAD', path: url });
    expect([head.status, head.headers['content-length']]).toEqual([200, '102400']);

    expect((await call('ann', 'DELETE', url)).status).toBe(204);
    await nothingKept();
    expect(await failure(confirm('ann', ticket))).toEqual([404, 'NOT_FOUND']);
  });

  it('a file that comes through the server is kept there too', async () => {
    const headers = { authorization: `Bearer ${tokens.ann}`, ...FORM_TYPE };
    const request = { method: 'POST', path: '/api/uploads', headers, body: formWith(jpegOf(500)) };
    const { url, size } = (await sendRequest(server.url, request)).json<Upload>();
    expect([size, keptKeys().length]).toEqual([500, 1]);
    const loaded = await fetch(server.url + url);
    expect(loaded.headers.get('content-type')).toBe('image/jpeg');
    expect((await loaded.arrayBuffer()).byteLength).toBe(500);
    await remove('ann', url);
  });

  it('a ticket is for its owner alone', async () => {
    const ticket = await ticketFor('ann', 50);
    await send(ticket, jpegOf(50));
    expect(await failure(confirm('bob', ticket))).toEqual([404, 'NOT_FOUND']);
    expect(await failure(confirm('nobody', ticket))).toEqual([401, 'TOKEN_INVALID']);
    await remove('ann', (await confirm('ann', ticket)).json<Upload>().url);
  });

  it.each([
    ['of no kind', { bytes: 50 }, 415, 'FILE_KIND_UNSUPPORTED'],
    ['of a page', { contentType: 'text/html', name: 'a.jpg', bytes: 50 }, 415, 'FILE_KIND_UNSUPPORTED'],
    ['of slides', { contentType: SLIDES, bytes: 50 }, 415, 'FILE_KIND_UNSUPPORTED'],
    ['of nearly nothing', { name: 'a.jpg', bytes: 5 }, 415, 'FILE_KIND_UNSUPPORTED'],
    ['of too much', { name: 'a.jpg', bytes: 256 * KiB + 1 }, 413, 'BODY_TOO_LARGE'],
    ['of a size that is none', { name: 'a.jpg', bytes: 0.5 }, 400, 'VALIDATION_FAILED'],
    ['of more than it says', { name: 'a.jpg', bytes: 50, key: 'b' }, 400, 'VALIDATION_FAILED'],
  ])('there is no ticket for a file %s', async (_, request, status, code) => {
    expect(await failure(ask('bob', request))).toEqual([status, code]);
  });

  it('nobody believes what the client says that the file is', async () => {
    const page = Buffer.from('<!doctype html><script>alert(1)</script>');
    const ticket = await ticketFor('bob', page.length);
    expect((await send(ticket, Buffer.concat([page, page]))).ok).toBe(false);
    // OSS tells us by itself, and its sender what we say of it.
    expect((await send(ticket, page)).status).toBe(kind === 'oss' ? 203 : 200);
    expect(await failure(confirm('bob', ticket))).toEqual([415, 'FILE_KIND_UNSUPPORTED']);
    expect(keptKeys()).toEqual([]);
    // Another that is what it says to be may follow.
    await send(ticket, jpegOf(page.length));
    const { url, type } = (await confirm('bob', ticket)).json<Upload>();
    expect(type).toBe('image/jpeg');

    await send(ticket, page);
    expect(Buffer.from(await (await fetch(server.url + url)).arrayBuffer()).equals(jpegOf(page.length))).toBe(
      true,
    );
    await remove('bob', url);
  });

  it('a file is loaded as what it is, not as what its ticket was asked for', async () => {
    const gif = Buffer.from('GIF89a and the rest of a picture');
    const { url, type } = await upload('bob', gif);
    expect(type).toBe('image/gif');
    expect((await fetch(server.url + url)).headers.get('content-type')).toBe('image/gif');
    await remove('bob', url);
  });

  it('a private one is loaded by a link of ours, and what the store is told to give ends with it', async () => {
    const content = pngOf(300, 200);
    const ticket = (
      await ask('bob', { name: 'a.png', bytes: content.length, private: true })
    ).json<UploadTicket>();
    expect((await send(ticket, content)).status).toBe(200);
    const { id, url, private: isPrivate } = (await confirm('bob', ticket)).json<Upload>();
    expect([isPrivate, (await fetch(server.url + url)).status]).toEqual([true, 403]);

    const links = await call('bob', 'POST', '/api/uploads/links', { ids: [id] });
    const [link] = links.json<UploadLinksAnswer>().items;
    const endsInMs = Date.parse(link?.expiresAt ?? '') - clock.now();
    const address = server.url + link?.url;
    const redirect = await fetch(address, { redirect: 'manual' });
    expect([redirect.status, redirect.headers.get('cache-control')]).toEqual([
      302,
      expect.stringMatching(/^private, max-age=\d+$/),
    ]);
    expect((await fetch(address)).headers.get('content-type')).toBe('image/png');
    const small = await fetch(`${address}&size=160`);
    expect(small.status).toBe(200);
    // Where the store makes them, its simulator sends the picture as it is.
    const sent = Buffer.from(await small.arrayBuffer());
    expect(sizeOfPicture(sent)).toEqual(kind === 's3' ? [160, 107] : [300, 200]);
    expect(keptKeys()).toHaveLength(1);
    const told = redirect.headers.get('location') ?? '';
    await remove('bob', url);
    expect(store.keys().filter((key) => key.startsWith('thumbnails/'))).toEqual([]);
    expect(endsInMs).toBeLessThanOrEqual(2 * HOUR);
    expect(told.startsWith(store.url)).toBe(true);
  });

  it('a file that is confirmed many times at once is one', async () => {
    const ticket = await ticketFor('race', 300);
    await send(ticket, jpegOf(300));
    const answers = await Promise.all(Array.from({ length: 6 }, () => confirm('race', ticket)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.json<Upload>().size).toBe(300);
    expect(keptKeys()).toHaveLength(1);
    await remove('race', answers[0]?.json<Upload>().url ?? '');
  });

  it('tickets count as the files that they are for, until they end', async () => {
    const first = await upload('count', jpegOf(100));
    for (let more = 1; more < FILE_QUOTA; more += 1) await ticketFor('count', 100);
    expect(await failure(ask('count', { name: 'a.png', bytes: 100 }))).toEqual([
      409,
      'UPLOAD_QUOTA_EXCEEDED',
    ]);
    // What was sent for it lies in the store until its ticket ends: deleting it at once makes no room for another.
    expect((await call('count', 'DELETE', first.url)).status).toBe(204);
    expect(await failure(ask('count', { name: 'a.png', bytes: 100 }))).toEqual([
      409,
      'UPLOAD_QUOTA_EXCEEDED',
    ]);

    const most = Array.from({ length: 5 }, () => ask('cat', { name: 'a.mp4', bytes: 256 * KiB }));
    const statuses = (await Promise.all(most)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(FILE_QUOTA);
  });

  // The same for all, and it waits some seconds for the queue to look.
  it.runIf(kind === 's3')('what is not confirmed in time goes, and its room is given back', async () => {
    const forgotten = await ticketFor('late', 100);
    const used = await ticketFor('late', 100);
    await send(used, jpegOf(100));
    const kept = (await confirm('late', used)).json<Upload>();
    await send(forgotten, jpegOf(100));
    clock.advance(9 * MINUTE);
    expect((await send(used, jpegOf(100))).ok).toBe(true);
    clock.advance(2 * MINUTE);
    expect((await send(used, jpegOf(100))).ok).toBe(false);
    addEndedTickets(join(dataDir, 'maque.db'), 500);
    clock.advance(20 * MINUTE);
    expect(await failure(confirm('late', forgotten))).toEqual([404, 'NOT_FOUND']);
    // Five hundred requests to the store, one after the other, by a queue that looks every five seconds.
    const onlyKept = () => store.keys().every((key) => key.startsWith('uploads/'));
    await waitUntil('nothing but what was kept', onlyKept, 45_000);
    expect(keptKeys()).toHaveLength(1);
    await waitUntil('the tickets', async () => (await confirm('late', used)).status === 404);
    expect((await fetch(server.url + kept.url)).status).toBe(200);
    expect((await ask('count', { name: 'a.png', bytes: 100 })).status).toBe(201);
  });

  it.runIf(kind === 'oss')('the answer of the store is the upload', async () => {
    const ticket = await ticketFor('bob', 64);
    const told = (await (await send(ticket, jpegOf(64))).json()) as Upload;
    expect(told).toMatchObject({ type: 'image/jpeg', size: 64 });
    expect((await confirm('bob', ticket)).json()).toEqual(told);

    const body = `object=arriving%2F${ticket.id}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const forged of [{}, { authorization: 'AAAA', 'x-oss-pub-key-url': btoa(`${store.url}/key.pem`) }]) {
      const request = {
        method: 'POST',
        path: '/api/uploads/arrived',
        headers: { ...headers, ...forged },
        body,
      };
      expect((await sendRequest(server.url, request)).status).toBe(403);
    }
  });
});

describe('with files on disk', () => {
  it('clients are told to send them here', async () => {
    await using opened = new AsyncDisposableStack();
    const { path: dataDir } = opened.use(await tempFolder());
    const wechat = opened.use(await startWechat());
    const server = opened.use(await startServer({ dataDir, simulator: wechat.url }));
    const token = await logIn(server, wechat.simulator.issueCode('ann'));
    const headers = { authorization: `Bearer ${token}` };
    const request = {
      method: 'POST',
      path: '/api/uploads/tickets',
      headers,
      body: { name: 'a.jpg', bytes: 50 },
    };
    const answer = await sendRequest(server.url, request);
    expect([answer.status, answer.json()]).toMatchObject([409, { error: { code: 'UPLOAD_NOT_DIRECT' } }]);
  });
});

/** More than two turns read at once, and all of them before those of the test in line. */
function addEndedTickets(file: string, count: number): void {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    const insert = database.prepare(
      'insert into maque_upload_tickets (id, ownerId, bytes, endsAt) values (?, ?, 1, 0)',
    );
    database.exec('begin immediate');
    for (let added = 0; added < count; added += 1) insert.run(`ended${added}`, 'somebody');
    database.exec('commit');
  } finally {
    database.close();
  }
}

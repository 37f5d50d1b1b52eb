import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import type { Upload } from '@maque/contract';
import { KiB, MiB } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { runScenarios } from '@maque/testkit/scenarios/run-scenarios';
import { type HttpAnswer, sendRequest } from '@maque/testkit/scenarios/send-request';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOUNDARY, FORM_TYPE, formWith, jpegOf } from '../../../testing/multipart.ts';
import { logIn, startServer, startWechat, type TestServer } from '../../../testing/start-server.ts';

const LIMIT = 256 * KiB;
const FILE_QUOTA = 8;
const BYTES_QUOTA = MiB;

const opened = new AsyncDisposableStack();
let server: TestServer;
let dataDir: string;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  dataDir = opened.use(await tempFolder()).path;
  const wechat = opened.use(await startWechat());
  const env = {
    MAQUE_UPLOAD_LIMIT: String(LIMIT),
    MAQUE_UPLOAD_COUNT: String(FILE_QUOTA),
    MAQUE_UPLOAD_QUOTA: String(BYTES_QUOTA),
  };
  server = opened.use(await startServer({ dataDir, simulator: wechat.url, env }));
  for (const name of ['ann', 'bob', 'count', 'bytes', 'race', 'cut']) {
    tokens[name] = await logIn(server, wechat.simulator.issueCode(name));
  }
});
afterAll(() => opened.disposeAsync());

const bearer = (name: string) => ({ authorization: `Bearer ${tokens[name]}` });
const send = (name: string, body: Buffer, headers: Record<string, string> = {}) =>
  sendRequest(server.url, {
    method: 'POST',
    path: '/api/uploads',
    headers: { ...bearer(name), ...FORM_TYPE, ...headers },
    body,
  });
const upload = async (name: string, content: Uint8Array) =>
  (await send(name, formWith(content))).json<Upload>();
const load = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  sendRequest(server.url, { method, path, headers });
const remove = (name: string, path: string) =>
  sendRequest(server.url, { method: 'DELETE', path, headers: bearer(name) });
const codeOf = (answer: HttpAnswer) => answer.json<{ error: { code: string } }>().error.code;

/** Everything on disk that belongs to uploads, and the rows about them. */
function kept(): { files: string[]; arriving: string[]; rows: number } {
  const database = new DatabaseSync(join(dataDir, 'maque.db'), { readOnly: true });
  const list = (folder: string) => {
    const path = join(dataDir, 'files', folder);
    const entries = existsSync(path) ? readdirSync(path, { recursive: true, withFileTypes: true }) : [];
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  };
  try {
    const [row] = database.prepare('select count(*) as count from maque_uploads').all();
    return { files: list('files').sort(), arriving: list('arriving'), rows: Number(row?.count) };
  } finally {
    database.close();
  }
}

describe('an upload', () => {
  it('is kept, and served to anybody who has its address', async () => {
    const content = jpegOf(100 * KiB);
    const answer = await send('ann', formWith(content, { fields: { album: 'holidays' } }));
    const { id, url, type, size } = answer.json<Upload>();
    expect([answer.status, answer.headers.location, type, size]).toEqual([201, url, 'image/jpeg', 102_400]);
    expect(url).toMatch(/^\/api\/uploads\/[0-9a-f]{32}$/);

    const loaded = await load(url);
    expect(loaded.bytes.equals(content)).toBe(true);
    expect(loaded.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': '102400',
      'content-disposition': `inline; filename="${id}.jpg"`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'public, max-age=86400, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      'accept-ranges': 'bytes',
    });
  });

  it('may be sent by a browser too', async () => {
    const form = new FormData();
    form.append('picture', new Blob([new Uint8Array(jpegOf(40))]), 'a.jpg');
    const headers = { ...bearer('ann'), connection: 'close' };
    const response = await fetch(`${server.url}/api/uploads`, { method: 'POST', headers, body: form });
    expect([response.status, await response.json()]).toMatchObject([201, { type: 'image/jpeg', size: 40 }]);
  });

  it('is what its bytes say, whatever the client calls it', async () => {
    const form = formWith(jpegOf(64), { filename: '../../../../etc/cron.d/evil.html', type: 'text/html' });
    const { url, type } = (await send('ann', form)).json<Upload>();
    expect(type).toBe('image/jpeg');
    const loaded = await load(url);
    expect(loaded.headerLines).not.toContain('html');
    expect(kept().files.every((name) => /^[0-9a-f]{32}$/.test(name))).toBe(true);
  });

  it('is one file: what follows it is thrown away', async () => {
    const form = formWith(jpegOf(64));
    const second = form.subarray(0, form.length - `--${BOUNDARY}--\r\n`.length);
    const answer = await send('ann', Buffer.concat([second, form]));
    expect(answer.json()).toMatchObject({ size: 64 });
  });

  it('can be the picture of its owner', async () => {
    const { url } = await upload('ann', jpegOf(32));
    const body = { avatarUrl: url };
    const headers = bearer('ann');
    const answer = await sendRequest(server.url, { method: 'PATCH', path: '/api/me', headers, body });
    expect([answer.status, answer.json()]).toMatchObject([200, { avatarUrl: url }]);
    for (const avatarUrl of ['/api/uploads/../me', `${url}?x=1`, '/api/uploads/', `//${url}`]) {
      const refused = { method: 'PATCH', path: '/api/me', headers, body: { avatarUrl } };
      expect((await sendRequest(server.url, refused)).status).toBe(400);
    }
  });
});

describe('an upload is refused and leaves nothing behind', () => {
  let before: ReturnType<typeof kept>;
  beforeAll(() => {
    before = kept();
  });
  const nothingIsLeft = () => waitUntil('nothing left', () => isDeepStrictEqual(kept(), before));

  const refused: [string, () => Promise<HttpAnswer>, number, string][] = [
    [
      'when it is a page',
      () => send('bob', formWith(Buffer.from('<html><script>'))),
      415,
      'FILE_KIND_UNSUPPORTED',
    ],
    [
      'when it is a drawing with a script in it',
      () => send('bob', formWith(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>'))),
      415,
      'FILE_KIND_UNSUPPORTED',
    ],
    ['when it is empty', () => send('bob', formWith(Buffer.alloc(0))), 415, 'FILE_KIND_UNSUPPORTED'],
    ['when it is nearly nothing', () => send('bob', formWith(jpegOf(11))), 415, 'FILE_KIND_UNSUPPORTED'],
    ['when it is a byte too large', () => send('bob', formWith(jpegOf(LIMIT + 1))), 413, 'BODY_TOO_LARGE'],
    ['when it is far too large', () => send('bob', formWith(jpegOf(4 * MiB))), 413, 'BODY_TOO_LARGE'],
    [
      'when it is too large and does not say so',
      () => send('bob', formWith(jpegOf(4 * MiB)), { 'transfer-encoding': 'chunked' }),
      413,
      'BODY_TOO_LARGE',
    ],
    [
      'when there is too much beside the file',
      () => send('bob', formWith(jpegOf(64), { fields: { a: 'x'.repeat(MiB) } })),
      413,
      'BODY_TOO_LARGE',
    ],
    ['when there is no file in the form', () => send('bob', formWithoutFile()), 400, 'UPLOAD_INVALID'],
    ['when the form is empty', () => send('bob', Buffer.from(`--${BOUNDARY}--\r\n`)), 400, 'UPLOAD_INVALID'],
    [
      'when the form has no end',
      () => send('bob', formWith(jpegOf(64)).subarray(0, -20)),
      400,
      'UPLOAD_INVALID',
    ],
    ['when it is no form at all', () => send('bob', Buffer.from('hello')), 400, 'UPLOAD_INVALID'],
    ['when there is no body', () => send('bob', Buffer.alloc(0)), 400, 'UPLOAD_INVALID'],
    [
      'when it says that it is JSON',
      () => send('bob', Buffer.from('{}'), { 'content-type': 'application/json' }),
      400,
      'UPLOAD_INVALID',
    ],
    [
      'when the form names no boundary',
      () => send('bob', formWith(jpegOf(64)), { 'content-type': 'multipart/form-data' }),
      400,
      'UPLOAD_INVALID',
    ],
    ['by nobody', () => send('nobody', formWith(jpegOf(64)), { authorization: '' }), 401, 'AUTH_REQUIRED'],
  ];

  it.each(refused)('%s', async (_, attempt, status, code) => {
    const answer = await attempt();
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    await nothingIsLeft();
  });

  it('when it is cut off in the midst of it', async () => {
    const form = formWith(jpegOf(200 * KiB));
    const socket = connect(server.port, '127.0.0.1').on('error', () => {});
    const head = `POST /api/uploads HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokens.cut}\r\nContent-Type: ${FORM_TYPE['content-type']}\r\nContent-Length: ${form.length}\r\n\r\n`;
    socket.write(Buffer.concat([Buffer.from(head), form.subarray(0, 120 * KiB)]));
    await waitUntil('half of it on disk', () => kept().arriving.length === 1);
    // What it reserves is what a stream holds, not its size.
    expect(server.link.metrics()).toContain(`\nmaque_body_bytes ${form.length}\n`);
    socket.destroy();
    await nothingIsLeft();
    await waitUntil('its memory', () => server.link.metrics().includes('\nmaque_body_bytes 0\n'));
  });

  it('wherever a form breaks off or turns to garbage, with an answer each time', async () => {
    const form = formWith(jpegOf(300), { fields: { a: 'b' } });
    const damage = fc.record({
      cutAt: fc.integer({ min: 0, max: form.length - 30 }),
      tail: fc.uint8Array({ maxLength: 80 }),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ cutAt, tail }) => {
        const { status } = await send('bob', Buffer.concat([form.subarray(0, cutAt), tail]));
        expect([400, 415]).toContain(status);
      }),
      { numRuns: 150 },
    );
    await nothingIsLeft();
  });
});

describe('the files of one user', () => {
  it('are so many at most, and one more when one is deleted', async () => {
    const first = await upload('count', jpegOf(20));
    for (let more = 1; more < FILE_QUOTA; more += 1) await upload('count', jpegOf(20));
    const refused = await send('count', formWith(jpegOf(20)));
    expect([refused.status, codeOf(refused)]).toEqual([409, 'UPLOAD_QUOTA_EXCEEDED']);
    expect(refused.text).toContain('8 files and 1 MiB');
    expect((await remove('count', first.url)).status).toBe(204);
    expect((await send('count', formWith(jpegOf(20)))).status).toBe(201);
  });

  it('add up to so many bytes at most', async () => {
    for (let more = 0; more < 4; more += 1) await upload('bytes', jpegOf(250 * KiB));
    const tooMuch = await send('bytes', formWith(jpegOf(30 * KiB)));
    expect([tooMuch.status, codeOf(tooMuch)]).toEqual([409, 'UPLOAD_QUOTA_EXCEEDED']);
    expect((await send('bytes', formWith(jpegOf(20 * KiB)))).status).toBe(201);
  });

  it('are no more when many are sent at once', async () => {
    const before = kept();
    const answers = await Promise.all(
      Array.from({ length: 3 * FILE_QUOTA }, () => send('race', formWith(jpegOf(20)))),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(FILE_QUOTA);
    expect(new Set(statuses)).toEqual(new Set([201, 409]));
    const after = kept();
    expect(after.files.length - before.files.length).toBe(FILE_QUOTA);
    expect(after.rows).toBe(after.files.length);
  });
});

describe('a file', () => {
  let url: string;
  let etag: string;
  const content = jpegOf(50 * KiB);
  beforeAll(async () => {
    url = (await upload('ann', content)).url;
    etag = (await load(url)).headers.etag ?? '';
  });

  it('is not sent again to who has it', async () => {
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await load(url, { 'if-none-match': tag });
      expect([again.status, again.bytes.length, again.headers.etag]).toEqual([304, 0, etag]);
    }
    expect((await load(url, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('tells its size and kind without being sent', async () => {
    const { status, headers, bytes } = await load(url, {}, 'HEAD');
    expect([status, headers['content-length'], headers['content-type'], headers.etag]).toEqual([
      200,
      String(content.length),
      'image/jpeg',
      etag,
    ]);
    expect(bytes).toHaveLength(0);
  });

  it.each([
    ['bytes=0-99', 0, 99],
    ['bytes=1000-1000', 1_000, 1_000],
    ['bytes=51000-', 51_000, 51_199],
    ['bytes=-200', 51_000, 51_199],
    ['bytes=51000-999999', 51_000, 51_199],
    ['bytes=-999999', 0, 51_199],
  ])('is sent in part: %s', async (range, start, end) => {
    const { status, headers, bytes } = await load(url, { range });
    expect([status, headers['content-range']]).toEqual([206, `bytes ${start}-${end}/51200`]);
    expect(bytes.equals(content.subarray(start, end + 1))).toBe(true);
  });

  it('goes on where a part of the same file ended, and begins anew for another', async () => {
    expect((await load(url, { range: 'bytes=9-', 'if-range': etag })).status).toBe(206);
    expect((await load(url, { range: 'bytes=9-', 'if-range': '"other"' })).status).toBe(200);
  });

  it.each(['bytes=51200-', 'bytes=-0', 'bytes=99999-100000'])('has nothing at %s', async (range) => {
    const answer = await load(url, { range });
    expect([answer.status, codeOf(answer), answer.headers['content-range']]).toEqual([
      416,
      'FILE_RANGE_INVALID',
      'bytes */51200',
    ]);
    // An error is not kept by anybody.
    expect(answer.headers['cache-control']).toBeUndefined();
  });

  it.each(['bytes=5-4', 'bytes=0-1,5-6', 'lines=1-2', 'bytes=-', 'bytes=a-b', `bytes=${'9'.repeat(40)}-`])(
    'is sent whole for %s',
    async (range) => expect((await load(url, { range })).status).toBe(200),
  );

  it('is deleted by its owner and nobody else', async () => {
    const mine = await upload('ann', jpegOf(64));
    expect((await remove('bob', mine.url)).status).toBe(403);
    expect((await sendRequest(server.url, { method: 'DELETE', path: mine.url })).status).toBe(401);
    expect((await load(mine.url)).status).toBe(200);
    expect((await remove('ann', mine.url)).status).toBe(204);
    await waitUntil('its file to go', () => !kept().files.includes(mine.id));
    for (const answer of [await load(mine.url), await remove('ann', mine.url)]) {
      expect([answer.status, codeOf(answer)]).toEqual([404, 'NOT_FOUND']);
    }
  });

  it('stays whole for who is loading it while it is deleted', async () => {
    const mine = await upload('ann', jpegOf(200 * KiB));
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`GET ${mine.url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    await once(socket, 'readable');
    expect((await remove('ann', mine.url)).status).toBe(204);
    const chunks = (await socket.toArray()) as Buffer[];
    expect(
      Buffer.concat(chunks)
        .subarray(-200 * KiB)
        .equals(jpegOf(200 * KiB)),
    ).toBe(true);
  });
});

describe('an address', () => {
  runScenarios(
    () => server.url,
    [
      {
        name: 'that nobody was given leads nowhere',
        request: `GET /api/uploads/${'0'.repeat(32)}`,
        status: 404,
      },
      {
        name: 'that climbs out of its folder finds nothing',
        request: 'GET /api/uploads/..%2f..%2f..%2fsecrets.json',
        status: 404,
        lacks: ['tokenKey'],
      },
      { name: 'that is a folder finds nothing', request: 'GET /api/uploads/uploads', status: 404 },
      {
        name: 'without an id is no list',
        request: 'GET /api/uploads',
        status: 405,
        contains: ['allow: POST'],
      },
    ],
  );
});

function formWithoutFile(): Buffer {
  return Buffer.from(
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--${BOUNDARY}--\r\n`,
  );
}

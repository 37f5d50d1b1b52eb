import { createManualClock, HOUR, type ManualClock, MINUTE } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jpegOf } from '../../../testing/multipart.ts';
import { pngHead, pngOf, SIDEWAYS_JPEG, sizeOfPicture } from '../../../testing/pictures.ts';
import { type ServedFiles, serveFiles } from '../../../testing/serve-files.ts';
import { collection, defineApp, field } from '../../define/index.ts';

const app = defineApp({
  collections: {
    notes: collection({ fields: { text: field.text({ maxLength: 9 }) }, rules: { read: 'public' } }),
  },
});

const opened = new AsyncDisposableStack();
let isBusy = false;
let clock: ManualClock;
let served: ServedFiles;
beforeAll(async () => {
  const { path: folder } = opened.use(await tempFolder());
  clock = createManualClock(Date.now());
  served = await serveFiles(app, { folder, clock, optional: { allowed: () => !isBusy } });
  opened.defer(() => served.close());
});
afterAll(() => opened.disposeAsync());

const keep = (content: Uint8Array, query?: string) => served.upload('user:ann', content, query);
const codeOf = ({ content }: { content: Buffer }) => JSON.parse(content.toString()).error.code;
const keptBeside = async (id: string) => {
  const keys: string[] = [];
  for await (const { key } of served.files.list?.('thumbnails') ?? []) if (key.includes(id)) keys.push(key);
  return keys.map((key) => key.split('-')[1]).sort();
};

describe('a thumbnail', () => {
  it('has no side longer than was asked for, and the proportions of the picture', async () => {
    const { id, url } = await keep(pngOf(900, 600));
    const whole = await served.load(url);
    for (const [size, width, height] of [
      [160, 160, 107],
      [320, 320, 213],
      [640, 640, 427],
    ] as const) {
      const small = await served.load(`${url}?size=${size}`);
      expect([small.status, sizeOfPicture(small.content)]).toEqual([200, [width, height]]);
      expect(small.content.length).toBeLessThan(whole.content.length);
      expect(Object.fromEntries(small.headers)).toMatchObject({
        'content-type': 'image/webp',
        'content-length': String(small.content.length),
        'content-disposition': `inline; filename="${id}-${size}.webp"`,
        'cache-control': 'public, max-age=86400, immutable',
        'content-security-policy': "default-src 'none'; sandbox",
        etag: `"${id}-${size}"`,
      });
    }
    // A smaller picture is not made larger.
    expect(sizeOfPicture((await served.load(`${url}?size=1280`)).content)).toEqual([900, 600]);
  });

  it('is turned as the camera was held, and does not tell where that was', async () => {
    const { url } = await keep(SIDEWAYS_JPEG);
    const small = await served.load(`${url}?size=160`);
    expect([small.headers.get('content-type'), sizeOfPicture(small.content)]).toEqual([
      'image/jpeg',
      [20, 40],
    ]);
    expect(SIDEWAYS_JPEG.includes('Exif')).toBe(true);
    expect(small.content.includes('Exif')).toBe(false);
  });

  it('is made once, kept, and goes with its file', async () => {
    const { id, url } = await keep(pngOf(300, 300));
    const answers = await Promise.all(Array.from({ length: 6 }, () => served.load(`${url}?size=160`)));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    const again = await fetch(`${served.url}${url}?size=160`, {
      headers: { 'if-none-match': `"${id}-160"`, connection: 'close' },
    });
    expect(again.status).toBe(304);
    await served.load(`${url}?size=320`);
    expect(await keptBeside(id)).toEqual(['160', '320']);
    served.jobs.start();
    expect((await served.call(url, { method: 'DELETE', as: 'user:ann' })).status).toBe(204);
    await waitUntil('its thumbnails to go', async () => (await keptBeside(id)).length === 0);
    expect((await served.load(`${url}?size=160`)).status).toBe(404);
  });

  it('of a private picture needs the link of the picture', async () => {
    const { id, url } = await keep(pngOf(300, 300), '?private=true');
    expect((await served.load(`${url}?size=160`)).status).toBe(403);
    const links = await served.call('/api/uploads/links', { as: 'user:ann', body: { ids: [id] } });
    const link = links.json.items[0].url;
    const small = await served.load(`${link}&size=160`);
    expect([small.status, sizeOfPicture(small.content)]).toEqual([200, [160, 160]]);
    expect(small.headers.get('cache-control')).toMatch(/^private, /);
    clock.advance(2 * HOUR);
    expect((await served.load(`${link}&size=160`)).status).toBe(403);
  });

  it('tells its size by HEAD', async () => {
    const { url } = await keep(pngOf(200, 300));
    const head = await fetch(`${served.url}${url}?size=160`, {
      method: 'HEAD',
      headers: { connection: 'close' },
    });
    const { content } = await served.load(`${url}?size=160`);
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(content.length)]);
  });

  it.each(['1', '161', '0', '-160', '160.0', '1e9', '', '160&size=320', '__proto__'])(
    'is of one of four sizes, and not of %j',
    async (size) => {
      const { url } = await keep(pngOf(20, 20));
      const refused = await served.load(`${url}?size=${size}`);
      expect([refused.status, codeOf(refused)]).toEqual([400, 'VALIDATION_FAILED']);
    },
  );
});

describe('there is no thumbnail', () => {
  it.each([
    ['of what is no picture', Buffer.from('%PDF-1.7 and the rest of it')],
    ['of a picture that is none but for its first bytes', jpegOf(5_000)],
    ['of one that says it has 100,000 times 100,000 pixels', pngHead(100_000, 100_000)],
  ])('%s', async (_, content) => {
    const { url } = await keep(content);
    const refused = await served.load(`${url}?size=320`);
    expect([refused.status, codeOf(refused)]).toEqual([415, 'THUMBNAIL_UNSUPPORTED']);
    expect((await served.load(url)).status).toBe(200);
  });

  it('while the server is busy, but those that are made are sent', async () => {
    const [made, other] = [await keep(pngOf(300, 300)), await keep(pngOf(300, 300))];
    await served.load(`${made.url}?size=160`);
    isBusy = true;
    try {
      const later = await served.load(`${other.url}?size=160`);
      expect([later.status, codeOf(later), later.headers.get('retry-after')]).toEqual([
        503,
        'OVERLOADED',
        '5',
      ]);
      expect((await served.load(`${made.url}?size=160`)).status).toBe(200);
    } finally {
      isBusy = false;
    }
    expect((await served.load(`${other.url}?size=160`)).status).toBe(200);
  });

  it('for ten minutes where there was none, so that nobody keeps the helper busy with it', async () => {
    const { id, url } = await keep(jpegOf(5_000));
    const thumbnail = `${url}?size=160`;
    expect((await served.load(thumbnail)).status).toBe(415);
    await served.files.put(`uploads/${id.slice(0, 2)}/${id}`, once(SIDEWAYS_JPEG), {
      maxBytes: 9_999,
      contentType: () => 'image/jpeg',
    });
    clock.advance(10 * MINUTE - 1);
    expect((await served.load(thumbnail)).status).toBe(415);
    clock.advance(1);
    expect((await served.load(thumbnail)).status).toBe(200);
  });

  it('where a setting says so: the picture itself is sent', async () => {
    await using temp = await tempFolder();
    const off = await serveFiles(app, { folder: temp.path, clock, thumbnails: false });
    try {
      const picture = pngOf(300, 300);
      const { url } = await off.upload('user:ann', picture);
      expect((await off.load(`${url}?size=160`)).content.equals(picture)).toBe(true);
    } finally {
      await off.close();
    }
  });
});

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

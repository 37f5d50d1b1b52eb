import { inflateSync } from 'node:zlib';
import { DAY, SECOND } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { startAccount } from '../with-account.fixture.ts';

const CODE = '/wxa/getwxacodeunlimit';

describe('a code', () => {
  it('is a PNG of the size and colour that were asked for, and JSON when it is refused', async () => {
    await using account = await startAccount();
    const body = { scene: 'o=42', width: 300, is_hyaline: true, line_color: { r: '7', g: '193', b: '96' } };
    const answer = await account.fetchPost(CODE, body);
    expect(answer.headers.get('content-type')).toBe('image/png');
    const png = Buffer.from(await answer.arrayBuffer());
    expect(png.subarray(0, 8)).toEqual(Buffer.from('89504e470d0a1a0a', 'hex'));
    expect(png.byteLength).toBeLessThan(4_096);
    const parts = partsOf(png);
    expect([parts.IHDR?.readUInt32BE(0), parts.IHDR?.readUInt32BE(4)]).toEqual([300, 300]);
    expect(parts.PLTE).toEqual(Buffer.of(255, 255, 255, 7, 193, 96));
    expect(parts.tRNS).toEqual(Buffer.of(0));
    expect(inflateSync(parts.IDAT ?? Buffer.of())).toHaveLength(300 * (38 + 1));
    const same = Buffer.from(await (await account.fetchPost(CODE, body)).arrayBuffer());
    const other = Buffer.from(
      await (await account.fetchPost(CODE, { ...body, scene: 'o=43' })).arrayBuffer(),
    );
    expect(same).toEqual(png);
    expect(other).not.toEqual(png);
  });

  it.each([
    [{ scene: undefined }, 40169],
    [{ scene: '' }, 40169],
    [{ scene: 'x'.repeat(33) }, 40169],
    [{ scene: '订单' }, 40129],
    [{ scene: 'a%20b' }, 40129],
    [{ page: '/pages/order' }, 41030],
    [{ page: 'pages/order?a=1' }, 41030],
    [{ page: 'pages/none' }, 41030],
    [{ page: 'pages/none', check_path: false }, undefined],
    [{ page: 'pages/order' }, undefined],
    [{ env_version: 'beta' }, 40097],
    [{ width: 100 }, 40097],
    [{ width: 1_281 }, 40097],
    [{ line_color: { r: 256, g: 0, b: 0 } }, 40097],
    [{ scancode_time: 1 }, 85096],
  ])('of %o gets %s', async (changes, errcode) => {
    await using account = await startAccount({ pages: ['pages/order'] });
    const answer = await account.fetchPost(CODE, { scene: 'a=1', ...changes });
    if (errcode === undefined) expect(answer.headers.get('content-type')).toBe('image/png');
    else expect(await answer.json()).toMatchObject({ errcode });
  });
});

describe('a link', () => {
  it.each([
    [{}, 0],
    [{ path: '/pages/order', query: 'a=1&b=%E4%BD%A0' }, 0],
    [{ path: 'pages/none' }, 40165],
    [{ path: 'pages/order?a=1' }, 40165],
    [{ query: 'x'.repeat(1_025) }, 40212],
    [{ env_version: 'beta' }, 85402],
    [{ expire_type: 2 }, 40097],
    [{ expire_type: 1, expire_interval: 30 }, 0],
    [{ expire_type: 1, expire_interval: 31 }, 85401],
    [{ expire_type: 1 }, 85401],
  ])('of %o gets %i', async (body, errcode) => {
    await using account = await startAccount({ pages: ['pages/order'] });
    const link = await account.post('/wxa/generate_urllink', body);
    expect(link.errcode).toBe(errcode);
    if (errcode === 0) expect(link.url_link).toMatch(/^https:\/\/wxaurl\.cn\/[\w-]{11}$/);
    const { path, query, env_version, ...expiry } = body as Record<string, unknown>;
    const target = Object.fromEntries(
      Object.entries({ path, query, env_version }).filter(([, value]) => value !== undefined),
    );
    const scheme = await account.post('/wxa/generatescheme', { jump_wxa: target, ...expiry });
    expect(scheme.errcode).toBe(errcode);
    if (errcode === 0) expect(scheme.openlink).toMatch(/^weixin:\/\/dl\/business\/\?t=/);
  });

  it('lasts from a minute to 30 days', async () => {
    await using account = await startAccount();
    const now = Math.floor(account.clock.now() / SECOND);
    const until = async (expireTime: number) =>
      (await account.post('/wxa/generate_urllink', { expire_type: 0, expire_time: expireTime })).errcode;
    expect(await until(now + 120)).toBe(0);
    expect(await until(now - 120)).toBe(85401);
    expect(await until(now + (30 * DAY) / SECOND)).toBe(0);
    expect(await until(now + (31 * DAY) / SECOND)).toBe(85401);
  });
});

/** The chunks of a PNG by their kind. */
function partsOf(png: Buffer): Partial<Record<string, Buffer>> {
  const parts: Record<string, Buffer> = {};
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    parts[png.toString('latin1', at + 4, at + 8)] = png.subarray(at + 8, at + 8 + length);
    at += 12 + length;
  }
  return parts;
}

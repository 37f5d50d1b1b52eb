import { describe, expect, it } from 'vitest';
import { errcodeRows } from '../errors/errcode-table.ts';
import type { WechatCall } from '../http/fetch-answer.ts';
import { failureOf } from '../with-simulator.fixture.ts';
import { createLinks, LINK_APIS } from './create-links.ts';
import type { LinkRequest, QrCodeRequest } from './link-types.ts';

/** Links whose calls are caught where they would leave, and answered so. */
function startLinks(answer: Readonly<Record<string, unknown>> = {}) {
  const sent: WechatCall[] = [];
  const links = createLinks(
    async (call) => {
      sent.push(call);
      return answer;
    },
    async (call) => {
      sent.push(call);
      return { contentType: 'image/jpeg', bytes: Buffer.from('a picture') };
    },
  );
  return { links, sent, body: () => sent.at(-1)?.body };
}

describe('a QR code', () => {
  it('is asked for with what the developer says, and comes back as its bytes', async () => {
    const { links, body, sent } = startLinks();
    const request = {
      scene: 'o=42',
      page: 'pages/order/detail',
      checkPage: false,
      release: 'trial',
      width: 280,
      transparent: true,
      color: { r: 0, g: 128, b: 255 },
    } as const;
    expect(await links.qrCode(request)).toEqual({
      contentType: 'image/jpeg',
      bytes: Buffer.from('a picture'),
    });
    expect(sent[0]).toMatchObject({ method: 'POST', path: '/wxa/getwxacodeunlimit' });
    expect(body()).toEqual({
      scene: 'o=42',
      page: 'pages/order/detail',
      check_path: false,
      env_version: 'trial',
      width: 280,
      is_hyaline: true,
      auto_color: false,
      line_color: { r: 0, g: 128, b: 255 },
    });
    await links.qrCode({ scene: 'o=42' });
    expect(body()).toEqual({ scene: 'o=42', check_path: true, env_version: 'release' });
  });

  it.each<[string, Partial<QrCodeRequest>]>([
    ['scene', { scene: '' }],
    ['scene', { scene: 'x'.repeat(33) }],
    ['scene', { scene: 'a%20b' }],
    ['scene', { scene: '订单' }],
    ['page', { page: '/pages/index' }],
    ['page', { page: 'pages/index?id=1' }],
    ['page', { page: '' }],
    ['width', { width: 279 }],
    ['width', { width: 1_281 }],
    ['width', { width: 300.5 }],
    ['color', { color: { r: 0, g: 0, b: 256 } }],
    ['release', { release: 'staging' as 'trial' }],
  ])('with a wrong %s is not asked for: %j', async (name, wrong) => {
    const { links, sent } = startLinks();
    const error = await failureOf(links.qrCode({ scene: 'a', ...wrong }));
    expect(error).toMatchObject({ code: 'WECHAT_CALL_INVALID', path: '/wxa/getwxacodeunlimit' });
    expect(error.details.map(({ path }) => path)).toEqual([name]);
    expect(error.detailsIn('zh-CN')[0]?.issue).toMatch(/[\u4e00-\u9fff]/);
    expect(sent).toEqual([]);
  });

  it('allows every character that WeChat does', async () => {
    const { links, body } = startLinks();
    const scene = "aZ09!#$&'()*+,/:;=?@-._~";
    await links.qrCode({ scene });
    expect(body()).toMatchObject({ scene });
  });
});

describe('a link', () => {
  it('is asked for with an end, which WeChat demands', async () => {
    const { links, body } = startLinks({ url_link: 'https://wxaurl.cn/BQZRrcFCPvg' });
    expect(await links.urlLink()).toBe('https://wxaurl.cn/BQZRrcFCPvg');
    expect(body()).toEqual({
      path: '',
      query: '',
      env_version: 'release',
      expire_type: 1,
      expire_interval: 30,
    });
    await links.urlLink({ path: '/pages/order/detail', query: 'id=1', days: 3 });
    expect(body()).toMatchObject({ path: '/pages/order/detail', query: 'id=1', expire_interval: 3 });
  });

  it('may be a scheme, for other apps', async () => {
    const { links, body } = startLinks({ openlink: 'weixin://dl/business/?t=1' });
    expect(await links.scheme({ path: 'pages/index', release: 'develop' })).toBe('weixin://dl/business/?t=1');
    expect(body()).toEqual({
      jump_wxa: { path: 'pages/index', query: '', env_version: 'develop' },
      is_expire: true,
      expire_type: 1,
      expire_interval: 30,
    });
  });

  it.each<[string, LinkRequest]>([
    ['path', { path: 'pages/index?id=1' }],
    ['path', { path: 'pages/ index' }],
    ['query', { query: 'x'.repeat(1_025) }],
    ['days', { days: 0 }],
    ['days', { days: 31 }],
    ['days', { days: 1.5 }],
  ])('with a wrong %s is not asked for: %j', async (name, wrong) => {
    const { links, sent } = startLinks();
    for (const attempt of [links.urlLink(wrong), links.scheme(wrong)]) {
      expect((await failureOf(attempt)).details.map(({ path }) => path)).toEqual([name]);
    }
    expect(sent).toEqual([]);
  });

  it('that is not in the answer is an error', async () => {
    const { links } = startLinks({ errcode: 0, errmsg: 'ok' });
    expect((await failureOf(links.urlLink())).code).toBe('WECHAT_ANSWER_UNREADABLE');
  });
});

it('knows what WeChat refuses links with', () => {
  const unknown = LINK_APIS.flatMap(({ errcodes }) => errcodes).filter(
    (errcode) => !(errcode in errcodeRows),
  );
  expect(unknown).toEqual([]);
});

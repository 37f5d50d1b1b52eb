import { describe, expect, it } from 'vitest';
import { refusalError } from '../errors/wechat-error.ts';
import type { WechatCall } from '../http/fetch-answer.ts';
import { APP_ID, failureOf } from '../with-simulator.fixture.ts';
import type { CustomerMessage } from './customer-message.ts';
import { createCustomerService } from './customer-service.ts';

const OPENID = 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY';

/** A customer service whose calls are caught where they would leave, and refused with an errcode if one is given. */
function start(errcode = 0) {
  const sent: WechatCall[] = [];
  const service = createCustomerService(async (call) => {
    sent.push(call);
    if (errcode !== 0) throw refusalError(call.path, { errcode }, []);
    return { errcode: 0, errmsg: 'ok' };
  }, APP_ID);
  return { service, sent };
}

describe('an answer to a customer', () => {
  it.each<[CustomerMessage, Readonly<Record<string, unknown>>]>([
    [
      { kind: 'text', content: '您好' },
      { msgtype: 'text', text: { content: '您好' } },
    ],
    [
      { kind: 'image', mediaId: 'm1' },
      { msgtype: 'image', image: { media_id: 'm1' } },
    ],
    [
      { kind: 'link', title: 't', description: 'd', url: 'https://a.cn', thumbUrl: 'https://a.cn/1.png' },
      {
        msgtype: 'link',
        link: { title: 't', description: 'd', url: 'https://a.cn', thumb_url: 'https://a.cn/1.png' },
      },
    ],
    [
      { kind: 'page', title: 't', page: 'pages/order/detail?id=1', thumbMediaId: 'm2' },
      {
        msgtype: 'miniprogrampage',
        miniprogrampage: {
          title: 't',
          appid: APP_ID,
          pagepath: 'pages/order/detail?id=1',
          thumb_media_id: 'm2',
        },
      },
    ],
  ])('is sent once, in the form of its kind: %j', async (message, body) => {
    const { service, sent } = start();
    await service.send(OPENID, message);
    expect(sent).toMatchObject([
      {
        method: 'POST',
        path: '/cgi-bin/message/custom/send',
        body: { touser: OPENID, ...body },
        maxRetries: 0,
      },
    ]);
  });

  it('with nothing in it is not sent', async () => {
    const { service, sent } = start();
    const error = await failureOf(
      service.send('', { kind: 'page', title: ' ', page: 'p', thumbMediaId: '' }),
    );
    expect(error.code).toBe('WECHAT_CALL_INVALID');
    expect(error.details.map(({ path }) => path)).toEqual(['openid', 'title', 'thumbMediaId']);
    expect(sent).toEqual([]);
  });

  it.each([
    [45015, 'WECHAT_REPLY_CLOSED', 409],
    [45047, 'WECHAT_REPLY_CLOSED', 409],
    [40003, 'WECHAT_CALL_INVALID', 500],
    [40007, 'WECHAT_NOT_FOUND', 404],
    [70000, 'WECHAT_CONTENT_REFUSED', 422],
    [48001, 'WECHAT_MISCONFIGURED', 500],
  ])('that is refused with %i says what to do', async (errcode, code, status) => {
    const error = await failureOf(start(errcode).service.send(OPENID, { kind: 'text', content: 'x' }));
    expect(error).toMatchObject({ code, status, errcode });
    expect(error.adviceIn('zh-CN')).toMatch(/[\u4e00-\u9fff]/);
  });
});

describe('the typing state', () => {
  it('is shown and hidden', async () => {
    const { service, sent } = start();
    expect([await service.typing(OPENID), await service.typing(OPENID, false)]).toEqual([true, true]);
    expect(sent.map(({ body }) => body)).toEqual([
      { touser: OPENID, command: 'Typing' },
      { touser: OPENID, command: 'CancelTyping' },
    ]);
  });

  it('is no error when it is shown already, or cannot be', async () => {
    expect(await start(45081).service.typing(OPENID)).toBe(true);
    expect(await start(45080).service.typing(OPENID)).toBe(false);
    expect(await start(45080).service.typing(OPENID, false)).toBe(true);
    expect((await failureOf(start(40200).service.typing(OPENID))).code).toBe('WECHAT_MISCONFIGURED');
  });
});

import { describe, expect, it } from 'vitest';
import { startAnswers } from '../with-answers.fixture.ts';
import { failureOf } from '../with-simulator.fixture.ts';

const SEND = '/cgi-bin/message/subscribe/send';
const OK = { errcode: 0, errmsg: 'ok' };
const message = { openid: 'oUser', templateId: 'tmpl-1', data: { thing1: 'Tea', amount2: 9.9 } };

describe('a message', () => {
  it('is sent as WeChat wants it: data as an object, state and language always there', async () => {
    await using wechat = await startAnswers({ [SEND]: [OK] });
    await wechat.client().messages.send(message);
    expect(wechat.seen).toEqual([
      {
        method: 'POST',
        path: SEND,
        query: { access_token: 'the-token' },
        body: {
          touser: 'oUser',
          template_id: 'tmpl-1',
          data: { thing1: { value: 'Tea' }, amount2: { value: '9.9' } },
          miniprogram_state: 'formal',
          lang: 'zh_CN',
        },
      },
    ]);
  });

  it('may open a page, of another release, in another language', async () => {
    await using wechat = await startAnswers({ [SEND]: [OK] });
    const more = { page: 'pages/order/detail?id=1', release: 'develop', language: 'en_US' } as const;
    await wechat.client().messages.send({ ...message, ...more });
    expect(wechat.seen[0]?.body).toMatchObject({
      page: 'pages/order/detail?id=1',
      miniprogram_state: 'developer',
      lang: 'en_US',
    });
  });

  it('is known by its number where WeChat tells one, as a number or as text', async () => {
    await using wechat = await startAnswers({
      [SEND]: [OK, { ...OK, msgid: 1_234_567 }, { ...OK, msgid: '2345678' }],
    });
    const { messages } = wechat.client();
    expect(await messages.send(message)).toEqual({ status: 'sent', messageId: null });
    expect(await messages.send(message)).toEqual({ status: 'sent', messageId: '1234567' });
    expect(await messages.send(message)).toEqual({ status: 'sent', messageId: '2345678' });
  });

  it('that the user has not agreed to is a result, not an error, and nobody is alarmed', async () => {
    const alerts: unknown[] = [];
    await using wechat = await startAnswers({
      [SEND]: [{ errcode: 43101, errmsg: 'user refuse to accept' }],
    });
    const client = wechat.client({ onAlert: (error) => alerts.push(error) });
    expect(await client.messages.send(message)).toEqual({ status: 'no-consent' });
    expect(wechat.seen).toHaveLength(1);
    expect(alerts).toEqual([]);
  });

  it('that met another to the same user is sent again a second later, twice at most', async () => {
    const slept: number[] = [];
    const sleep = async (ms: number) => {
      slept.push(ms);
    };
    await using wechat = await startAnswers({ [SEND]: [{ errcode: 43108 }, OK, { errcode: 43108 }] });
    const { messages } = wechat.client({ sleep, random: () => 0.5 });
    expect((await messages.send(message)).status).toBe('sent');
    expect(slept).toEqual([1_250]);
    const error = await failureOf(messages.send(message));
    expect(error).toMatchObject({ code: 'WECHAT_TOO_FREQUENT', status: 429, retryAfterSeconds: 1 });
    expect(wechat.seen).toHaveLength(5);
  });

  it('is not sent again when it may have arrived', async () => {
    await using wechat = await startAnswers({ [SEND]: [{ errcode: -1 }] });
    expect(await failureOf(wechat.client().messages.send(message))).toMatchObject({ code: 'WECHAT_BUSY' });
    expect(wechat.seen).toHaveLength(1);
  });

  it.each([
    [40003, 'WECHAT_CALL_INVALID', true],
    [40037, 'WECHAT_MISCONFIGURED', true],
    [41030, 'WECHAT_MISCONFIGURED', true],
    [43107, 'WECHAT_MISCONFIGURED', true],
    [45168, 'WECHAT_CONTENT_REFUSED', false],
    [47003, 'WECHAT_CALL_INVALID', true],
  ])('fails with errcode %i as %s', async (errcode, code, alert) => {
    const alerts: unknown[] = [];
    await using wechat = await startAnswers({ [SEND]: [{ errcode, errmsg: 'rid: 1-2-3' }] });
    const client = wechat.client({ onAlert: (error) => alerts.push(error) });
    expect(await failureOf(client.messages.send(message))).toMatchObject({ code, errcode, rid: '1-2-3' });
    expect(alerts).toHaveLength(alert ? 1 : 0);
    expect(wechat.seen).toHaveLength(1);
  });

  it('with a wrong value is not sent: each is told, in both languages', async () => {
    await using wechat = await startAnswers({});
    const data = { phrase1: 'on its way', number2: 'many', thing3: 'fine' };
    const error = await failureOf(wechat.client().messages.send({ ...message, data }));
    expect(error).toMatchObject({ code: 'WECHAT_CALL_INVALID', errcode: null, alert: false });
    expect(error.details).toEqual([
      { path: 'phrase1', issue: 'is not at most 5 Chinese characters' },
      { path: 'number2', issue: 'is not a number of at most 32 digits' },
    ]);
    expect(error.detailsIn('zh-CN')[0]?.issue).toBe('不是 5 个以内的汉字');
    expect(wechat.seen).toEqual([]);
  });

  it('is checked against its template when that is at hand', async () => {
    const data = [
      {
        priTmplId: 'tmpl-1',
        title: 't',
        content: '商品：{{thing1.DATA}}\n状态：{{phrase2.DATA}}\n',
        type: 2,
      },
    ];
    await using wechat = await startAnswers({
      '/wxaapi/newtmpl/gettemplate': [{ ...OK, data }],
      [SEND]: [OK],
    });
    const { messages } = wechat.client();
    const [template] = await messages.templates();
    if (template === undefined) throw new Error('there is one');
    expect((await failureOf(messages.send({ ...message, template }))).details).toMatchObject([
      { path: 'amount2' },
      { path: 'phrase2' },
    ]);
    const right = { ...message, data: { thing1: 'Tea', phrase2: '配送中' }, template };
    expect(await messages.send(right)).toMatchObject({ status: 'sent' });
  });
});

import { describe, expect, it } from 'vitest';
import type { PushMessage } from '../push/push-message.ts';
import { startAnswers } from '../with-answers.fixture.ts';
import { failureOf, startSimulator } from '../with-simulator.fixture.ts';
import { readMediaVerdict } from './media-verdict.ts';

const TEXT = '/wxa/msg_sec_check';
const MEDIA = '/wxa/media_check_async';
const OK = { errcode: 0, errmsg: 'ok' };
const request = { openid: 'oUser', content: 'hello', scene: 'comment' } as const;

describe('a text', () => {
  it('is judged by the result, not by the errcode, and by no strategy that failed', async () => {
    await using wechat = await startAnswers({
      [TEXT]: [
        {
          ...OK,
          trace_id: 'trace-1',
          result: { suggest: 'risky', label: 20006 },
          detail: [
            { strategy: 'content_model', errcode: 0, suggest: 'risky', label: 20006, prob: 90 },
            {
              strategy: 'keyword',
              errcode: 0,
              suggest: 'risky',
              label: 20006,
              level: 20,
              keyword: 'bad word',
            },
            { strategy: 'keyword', errcode: -1, suggest: 'pass', keyword: 'not counted' },
          ],
        },
      ],
    });
    expect(await wechat.client().content.checkText({ ...request, title: 'a title' })).toEqual({
      suggest: 'risky',
      label: 20006,
      traceId: 'trace-1',
      keywords: ['bad word'],
    });
    expect(wechat.seen[0]?.body).toEqual({
      version: 2,
      openid: 'oUser',
      scene: 2,
      content: 'hello',
      title: 'a title',
    });
  });

  it('with a verdict that we do not know is for a person to look at; without one there is none', async () => {
    await using wechat = await startAnswers({ [TEXT]: [{ ...OK, result: { suggest: 'perhaps' } }, OK] });
    const { content } = wechat.client();
    expect(await content.checkText(request)).toMatchObject({ suggest: 'review', label: 0, keywords: [] });
    expect(await failureOf(content.checkText(request))).toMatchObject({ code: 'WECHAT_ANSWER_UNREADABLE' });
  });

  it.each([
    ['empty', { content: '' }, 'content'],
    ['longer than 2,500 characters', { content: '字'.repeat(2_501) }, 'content'],
    ['signed outside a profile', { signature: 'me' }, 'signature'],
  ])('that is %s is not sent', async (_, wrong, path) => {
    await using wechat = await startAnswers({});
    const error = await failureOf(wechat.client().content.checkText({ ...request, ...wrong }));
    expect(error).toMatchObject({ code: 'WECHAT_CALL_INVALID', details: [{ path }] });
    expect(wechat.seen).toEqual([]);
  });

  it('of a user who has been away cannot be checked, and that is no alarm', async () => {
    await using wechat = await startAnswers({ [TEXT]: [{ errcode: 61010, errmsg: 'openid not legal' }] });
    expect(await failureOf(wechat.client().content.checkText(request))).toMatchObject({
      code: 'WECHAT_USER_AWAY',
      status: 409,
      alert: false,
    });
  });
});

describe('an image', () => {
  const image = {
    openid: 'oUser',
    url: 'https://files.example.com/a.jpg?sign=s3cr3t',
    kind: 'image',
    scene: 'forum',
  } as const;

  it('is asked about by its address, once', async () => {
    await using wechat = await startAnswers({ [MEDIA]: [{ ...OK, trace_id: 'trace-2' }, { errcode: -1 }] });
    const { content } = wechat.client();
    expect(await content.checkMedia(image)).toEqual({ traceId: 'trace-2' });
    expect(wechat.seen[0]?.body).toEqual({
      version: 2,
      openid: 'oUser',
      media_url: image.url,
      media_type: 2,
      scene: 3,
    });
    await failureOf(content.checkMedia({ ...image, kind: 'audio' }));
    expect(wechat.seen).toHaveLength(2);
    expect(wechat.seen[1]?.body).toMatchObject({ media_type: 1 });
  });

  it('without a proper address is not asked about', async () => {
    await using wechat = await startAnswers({});
    for (const url of ['', 'a.jpg', 'ftp://a/b', 'https://', `https://a/${'b'.repeat(2_048)}`]) {
      const error = await failureOf(wechat.client().content.checkMedia({ ...image, url }));
      expect(error.details).toMatchObject([{ path: 'url' }]);
    }
  });

  it('is judged by what is pushed later', () => {
    const read = (fields: PushMessage['fields'], event = 'wxa_media_check') =>
      readMediaVerdict({
        toUser: 'g',
        fromUser: 'o',
        createdAtMs: 0,
        msgType: 'event',
        event,
        key: 'k',
        fields,
      });
    const trace_id = 't1';
    expect(
      read({ trace_id, version: 2, errcode: 0, result: { suggest: 'risky', label: 20002 }, detail: [] }),
    ).toEqual({
      status: 'checked',
      traceId: 't1',
      suggest: 'risky',
      label: 20002,
    });
    // As XML has it: all numbers are text.
    expect(read({ trace_id, errcode: '0', result: { suggest: 'pass', label: '100' } })).toMatchObject({
      label: 100,
    });
    expect(read({ trace_id, errcode: -1008, errmsg: 'download failed' })).toEqual({
      status: 'failed',
      traceId: 't1',
      reason: 'not-downloadable',
      errcode: -1008,
    });
    expect(read({ trace_id, errcode: '-1' })).toMatchObject({ status: 'failed', reason: 'other' });
    expect(read({ trace_id })).toMatchObject({ status: 'failed', reason: 'other' });
    expect(read({ trace_id }, 'debug_demo')).toBeNull();
  });
});

describe('a user', () => {
  it('has a risk rank from 0 to 4, whose request has a number of its own', async () => {
    await using wechat = await startAnswers({
      '/wxa/getuserriskrank': [{ ...OK, risk_rank: 3, unoin_id: 2_258_658_297 }],
    });
    const { content } = wechat.client();
    const asked = {
      openid: 'oUser',
      scene: 'campaign',
      clientIp: '203.0.113.7',
      phone: '13580006666',
    } as const;
    expect(await content.riskRank(asked)).toEqual({ rank: 3, requestId: '2258658297' });
    expect(wechat.seen[0]?.body).toMatchObject({
      openid: 'oUser',
      scene: 1,
      client_ip: '203.0.113.7',
      mobile_no: '13580006666',
      is_test: false,
    });
    const error = await failureOf(content.riskRank({ ...asked, clientIp: 'here' }));
    expect(error.details).toMatchObject([{ path: 'clientIp' }]);
  });
});

describe('at the simulator', () => {
  it('a text is judged as WeChat would', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    const { openid } = await client.code2Session('demo-1');
    const verdict = await client.content.checkText({ openid, content: 'a friendly word', scene: 'comment' });
    expect(verdict).toMatchObject({ suggest: 'pass', label: 100, keywords: [] });
    expect(verdict.traceId).not.toBe('');
  });

  it('a picture gets a trace id, and a user a rank', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    const { openid } = await client.code2Session('demo-1');
    const url = 'https://files.example.com/a.jpg';
    expect(
      (await client.content.checkMedia({ openid, url, kind: 'image', scene: 'forum' })).traceId,
    ).not.toBe('');
    expect(
      await client.content.riskRank({ openid, scene: 'registration', clientIp: '203.0.113.7' }),
    ).toMatchObject({
      rank: 0,
    });
  });
});

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { sendRequest } from '@maque/testkit/scenarios/send-request';
import { composePush } from '@maque/wechat/push';
import type { PushTarget } from '@maque/wechat/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { APP_ID, startServer, startWechat } from '../../../testing/start-server.ts';
import {
  PUSH_AES_KEY,
  PUSH_TOKEN,
  startWechatBench,
  type WechatBench,
} from '../../../testing/wechat-bench.ts';

async function logOf(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'logs');
  const names = await readdir(folder);
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('');
}

const FORGERIES = ['signature', 'body', 'old', 'app-id', 'key', 'plain'] as const;

/** One server for all tests; each pushes texts of its own. */
let bench: WechatBench;
beforeAll(async () => {
  bench = await startWechatBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const point = (target: Partial<PushTarget> = {}) => {
  const url = `${bench.server.url}/api/wechat/push`;
  bench.simulator.setPushTarget({ url, token: PUSH_TOKEN, encodingAesKey: PUSH_AES_KEY, ...target });
};
afterEach(() => point());
/** Of pushes that were refused; what pushes say may want an operator, too. */
const told = () =>
  bench.server.link.told.matters.map(({ code }) => code).filter((code) => code.startsWith('WECHAT_PUSH_'));

describe('WeChat’s check of the address', () => {
  it('is answered with its echo', async () => {
    expect(await bench.simulator.checkPushUrl()).toMatchObject({ ok: true, status: 200 });
  });

  it('is refused with the wrong token', async () => {
    point({ token: 'AnotherToken' });
    expect(await bench.simulator.checkPushUrl()).toMatchObject({ ok: false, status: 403 });
  });
});

describe('a push', () => {
  it.each([
    ['safe', 'json'],
    ['safe', 'xml'],
    ['compatible', 'json'],
    ['compatible', 'xml'],
  ] as const)('in %s mode as %s reaches the app', async (mode, format) => {
    point({ mode, format });
    expect(await bench.simulator.write('ann', `你好 ${mode} ${format}`)).toMatchObject({
      state: 'delivered',
      tries: [{ ok: true, status: 200, reply: 'success' }],
    });
    expect(await bench.pushed(`你好 ${mode} ${format}`)).toEqual(['text']);
  });

  it('that comes again is answered and not done twice', async () => {
    const once = { MsgType: 'text', Content: 'once', MsgId: '7' };
    await bench.simulator.push(once, { user: 'ann', times: 3 });
    await bench.simulator.push(once, { user: 'ann' });
    await bench.simulator.write('ann', 'the next');
    await bench.pushed('the next');
    expect(await bench.pushed('once')).toEqual(['text']);
    expect(bench.server.link.metrics()).toContain('maque_pushes_total{result="repeated"} 3');
  });

  it('is handed to the app again when that throws', async () => {
    await bench.simulator.write('ann', 'fail once');
    expect(await bench.pushed('fail once', 2)).toEqual(['failed', 'text']);
  });

  it('about a parcel that WeChat waits for is told to an operator', async () => {
    const fields = {
      MsgType: 'event',
      Event: 'trade_manage_remind_shipping',
      merchant_trade_no: 'order_42',
      transaction_id: '4200000001',
      msg: '请尽快发货',
    };
    expect(await bench.simulator.push(fields)).toMatchObject({ state: 'delivered' });
    const [matter] = bench.server.link.told.matters.filter(({ code }) => code === 'SHIPPING_OVERDUE');
    expect(matter?.message).toContain('order_42');
  });

  it('brings the result of a check of a picture', async () => {
    await bench.call('/me');
    const { json } = await bench.call('/check-media', { url: `${bench.server.url}/no-picture.jpg` });
    expect(await bench.pushed(json.traceId)).toEqual(['wxa_media_check']);
  });

  it('that is forged, old, or not ours is refused and logged, and an operator hears of it', async () => {
    for (const forgery of FORGERIES) {
      // Anybody can send what is not even signed right, so it must come thrice.
      for (const _ of [1, 2, 3]) {
        const push = await bench.simulator.push(
          { MsgType: 'text', Content: 'forged' },
          { user: 'ann', forgery },
        );
        expect(push?.state).toBe('refused');
        expect(push?.tries.every(({ status }) => status !== null && status >= 400)).toBe(true);
      }
    }
    expect(new Set(told())).toEqual(
      new Set([
        'WECHAT_PUSH_SIGNATURE_WRONG',
        'WECHAT_PUSH_STALE',
        'WECHAT_PUSH_APPID_MISMATCH',
        'WECHAT_PUSH_KEY_WRONG',
        'WECHAT_PUSH_NOT_ENCRYPTED',
      ]),
    );
    // Of each once, and not again for every one that follows.
    expect(told()).toHaveLength(5);
    await bench.simulator.write('ann', 'real');
    expect(await bench.pushed('real')).toEqual(['text']);
    const log = await waitUntil('the log', async () => {
      const text = await logOf(bench.dataDir);
      return text.includes('a push was refused') && text;
    });
    for (const secret of [PUSH_TOKEN, PUSH_AES_KEY]) expect(log).not.toContain(secret);
    expect(await bench.pushedNow('forged')).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['a bomb of brackets', '['.repeat(10_000)],
    ['a DTD', '<!DOCTYPE xml [<!ENTITY a "b">]><xml></xml>'],
  ])('of %s is refused', async (_, body) => {
    const answer = await sendRequest(bench.server.url, {
      method: 'POST',
      path: '/api/wechat/push?signature=0&timestamp=0&nonce=0',
      headers: { 'content-type': 'text/xml' },
      body,
    });
    expect(answer.status).toBe(400);
  });

  it('of more than 64 KiB is refused', async () => {
    const answer = await sendRequest(bench.server.url, {
      method: 'POST',
      path: '/api/wechat/push',
      headers: { 'content-type': 'text/xml' },
      body: 'x'.repeat(70_000),
    });
    expect(answer.status).toBe(413);
  });

  it('with a signature that carried another message is refused, at whichever worker', async () => {
    await using wechat = await startWechat();
    await using temp = await tempFolder();
    const options = {
      dataDir: temp.path,
      simulator: wechat.url,
      env: { MAQUE_WECHAT_PUSH_TOKEN: PUSH_TOKEN },
    };
    await using first = await startServer(options);
    await using second = await startServer(options);
    const push = (text: string) => {
      const fields = {
        ToUserName: 'gh_1',
        FromUserName: 'o1',
        CreateTime: 1,
        MsgType: 'text',
        Content: text,
      };
      const timestamp = Math.floor(Date.now() / 1_000);
      const account = { appId: APP_ID, token: PUSH_TOKEN };
      return composePush(account, { fields, mode: 'plain', format: 'json', timestamp, nonce: 'n1' });
    };
    const real = push('real');
    const send = (server: { url: string }, body: string) =>
      sendRequest(server.url, {
        method: 'POST',
        path: `/api/wechat/push?${new URLSearchParams(real.query)}`,
        headers: { 'content-type': 'application/json' },
        body,
      });
    expect((await send(first, real.body)).text).toBe('success');
    const forged = await send(second, push('forged').body);
    expect([forged.status, forged.json<{ error: { code: string } }>().error.code]).toEqual([
      403,
      'WECHAT_PUSH_REPLAYED',
    ]);
    expect((await send(second, real.body)).text).toBe('success');
  });
});

it.each([
  ['an AppID', { MAQUE_WECHAT_PUSH_TOKEN: PUSH_TOKEN }, false],
  ['a token', {}, true],
] as const)('without %s there is nothing to push to', async (_, env, hasWechat) => {
  await using wechat = await startWechat();
  await using temp = await tempFolder();
  await using server = await startServer({
    dataDir: temp.path,
    env,
    ...(hasWechat ? { simulator: wechat.url } : {}),
  });
  for (const method of ['GET', 'POST']) {
    const answer = await sendRequest(server.url, { method, path: '/api/wechat/push' });
    expect([answer.status, answer.json<{ error: { code: string } }>().error.code]).toEqual([
      404,
      'WECHAT_PUSH_OFF',
    ]);
  }
});

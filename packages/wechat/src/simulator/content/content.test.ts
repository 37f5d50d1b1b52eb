import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HOUR, MINUTE, SECOND } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { startReceiver } from '../pusher/with-receiver.fixture.ts';
import { startAccount } from '../with-account.fixture.ts';

const CHECK = '/wxa/msg_sec_check';
const MEDIA = '/wxa/media_check_async';
const text = (openid: string, changes = {}) => ({
  version: 2,
  openid,
  scene: 2,
  content: 'good',
  ...changes,
});

describe('a text', () => {
  it('is judged by the markers in it, wherever it stands', async () => {
    await using account = await startAccount();
    const judged = async (changes: Record<string, unknown>) =>
      (await account.post(CHECK, text(account.openid, changes))).result;
    expect(await judged({})).toEqual({ suggest: 'pass', label: 100 });
    expect(await judged({ content: 'a [review] b' })).toEqual({ suggest: 'review', label: 21000 });
    expect(await judged({ title: '[risky:20002]' })).toEqual({ suggest: 'risky', label: 20002 });
    expect(await judged({ nickname: '【违规】【疑似】' })).toEqual({ suggest: 'risky', label: 21000 });
  });

  it.each([
    [{ version: 1 }, 40097],
    [{ version: '2' }, 40097],
    [{ scene: 5 }, 40129],
    [{ signature: 's' }, 40129],
    [{ content: '' }, 47001],
    [{ content: 'x'.repeat(2_501) }, 45002],
    [{ openid: 'nobody' }, 40003],
    [{ openid: `o${'x'.repeat(27)}` }, 43104],
  ])('asked about with %o gets %i', async (changes, errcode) => {
    await using account = await startAccount();
    expect((await account.post(CHECK, text(account.openid, changes))).errcode).toBe(errcode);
  });

  it('of somebody who has not been here for two hours cannot be checked', async () => {
    await using account = await startAccount();
    account.clock.advance(2 * HOUR);
    expect((await account.post(CHECK, text(account.openid))).errcode).toBe(0);
    account.clock.advance(1);
    expect((await account.post(CHECK, text(account.openid))).errcode).toBe(61010);
    account.simulator.open('demo-li');
    expect((await account.post(CHECK, text(account.openid))).errcode).toBe(0);
  });

  it('of a demo user can be checked at once: a server may know them from before', async () => {
    await using account = await startAccount();
    const { openid } = account.simulator.open('demo-7');
    await using second = await startAccount();
    expect((await second.post(CHECK, text(openid))).errcode).toBe(0);
  });
});

describe('a picture', () => {
  it('is judged by push, after a while, by what its address says', async () => {
    await using receiver = await startReceiver();
    await using account = await startAccount({
      pushTarget: receiver.target,
      clock: receiver.clock,
      mediaCheckMs: 10 * MINUTE,
    });
    const check = async (url: string) =>
      account.post(MEDIA, { version: 2, scene: 1, media_type: 2, openid: account.openid, media_url: url });
    const { trace_id: traceId } = await check('https://img.example/a%5Brisky%5D.png');
    expect(receiver.messages).toEqual([]);
    receiver.clock.advance(10 * MINUTE);
    const message = await receiver.next();
    expect(message).toMatchObject({ event: 'wxa_media_check', fromUser: account.openid });
    expect(message.fields).toMatchObject({
      trace_id: traceId,
      errcode: 0,
      result: { suggest: 'risky', label: 21000 },
    });
  });

  it('on this computer is really downloaded, and cannot be judged where that fails', async () => {
    const files = createServer((request, response) => {
      if (request.url === '/here.png') response.end('png');
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
    await using _ = { [Symbol.asyncDispose]: async () => void files.close() };
    const { port } = files.address() as AddressInfo;
    await using receiver = await startReceiver();
    await using account = await startAccount({ pushTarget: receiver.target, clock: receiver.clock });
    for (const [name, errcode] of [
      ['here.png', 0],
      ['gone.png', -1008],
    ] as const) {
      const body = { version: 2, scene: 1, media_type: 2, openid: account.openid };
      await account.post(MEDIA, { ...body, media_url: `http://127.0.0.1:${port}/${name}` });
      receiver.clock.advance(2 * SECOND);
      expect((await receiver.next()).fields).toMatchObject({ errcode });
    }
  });

  it.each([
    [{ media_type: 3 }, 40004],
    [{ media_url: 'ftp://x/y' }, 40097],
    [{ version: 1 }, 40097],
    [{ scene: 0 }, 40129],
  ])('asked about with %o gets %i', async (changes, errcode) => {
    await using account = await startAccount();
    const body = {
      version: 2,
      scene: 1,
      media_type: 2,
      openid: account.openid,
      media_url: 'https://a.example/b.png',
    };
    expect((await account.post(MEDIA, { ...body, ...changes })).errcode).toBe(errcode);
  });
});

describe('a risk rank', () => {
  it('is 0 for everybody but those whose name says otherwise', async () => {
    await using account = await startAccount();
    const { openid } = account.simulator.open('risky-wang');
    const body = { appid: 'wx4f4bc4dec97d474b', scene: 0, client_ip: '127.0.0.1' };
    const rank = async (changes: Record<string, unknown>) =>
      account.post('/wxa/getuserriskrank', { ...body, openid: account.openid, ...changes });
    expect(await rank({})).toMatchObject({ errcode: 0, risk_rank: 0 });
    expect(await rank({ openid })).toMatchObject({ risk_rank: 4 });
    expect((await rank({ client_ip: 'here' })).errcode).toBe(40097);
    expect((await rank({ appid: 'wx1' })).errcode).toBe(40013);
  });
});

import { waitUntil } from '@maque/testkit/process/wait-until';
import { createWechatClient } from '@maque/wechat';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP_ID, SECRET, startWechat } from '../../../testing/start-server.ts';
import { startWechatBench, type WechatBench } from '../../../testing/wechat-bench.ts';
import { jobErrorOf } from './send-failure.ts';

const SEND = '/cgi-bin/message/subscribe/send';
const SHIPPED = { templateId: 'tmpl-shipped', data: { thing1: '龙井', character_string2: 'SF100' } };
const SERVICE = { templateId: 'tmpl-service', data: { thing1: '维修', phrase2: '已完成' } };

/** One server for all tests; each has a user of its own. */
let bench: WechatBench;
beforeAll(async () => {
  bench = await startWechatBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

/** The messages that somebody has got, oldest first. */
const sentTo = (user: string) =>
  bench.simulator
    .state()
    .messages.filter(({ to }) => to === user)
    .map(({ lines }) => lines.map(({ value }) => value).join(', '))
    .reverse();
const allSentTo = (user: string, count: number) =>
  waitUntil(`${count} messages to ${user}`, () => (sentTo(user).length >= count ? sentTo(user) : undefined));
const sends = () => bench.simulator.calls.filter(({ path }) => path === SEND).length;
const message = async (user: string, body: object = SHIPPED) =>
  (await bench.call('/messages', body, user)).json.result;
const noConsent = (user: string) =>
  waitUntil('WeChat’s answer to be known', async () => (await message(user)) === 'no-consent');
const told = () => bench.server.link.told.matters;

/** WeChat tells times in seconds, and what is the same in one second is the same event. */
const nextSecond = (at = Math.floor(Date.now() / 1_000)) =>
  waitUntil('the next second', () => Math.floor(Date.now() / 1_000) > at);

describe('a message', () => {
  it('goes to a user who has agreed, with what is too long cut and numbers as text', async () => {
    await bench.call('/me', undefined, 'ann');
    await bench.simulator.accept('ann', 'tmpl-queue');
    const thing3 = '请在十分钟之内到柜台取餐，过号需要重新排队，谢谢您的耐心';
    const data = { number1: 42, phrase2: '请取餐', thing3 };
    expect(await message('ann', { templateId: 'tmpl-queue', data, page: 'pages/queue' })).toBe('queued');
    expect(await allSentTo('ann', 1)).toEqual(['42, 请取餐, 请在十分钟之内到柜台取餐，过号需要重新…']);
    expect(bench.simulator.state().messages[0]?.page).toBe('pages/queue');
  });

  it('is part of the transaction that it is given: kept with it or not at all', async () => {
    await bench.call('/me', undefined, 'bob');
    await bench.simulator.accept('bob', 'tmpl-shipped');
    expect((await bench.call('/bought', { ...SHIPPED, fails: true }, 'bob')).status).toBe(500);
    // The one right is still there for the next: nothing of the failed transaction is.
    const bought = await bench.call('/bought', { ...SHIPPED, fails: false }, 'bob');
    expect(bought.json).toEqual({ result: 'queued' });
    expect(await allSentTo('bob', 1)).toEqual(['龙井, SF100']);
    expect((await bench.call('/orders')).json).toMatchObject({ items: [{ thing: 'tea' }] });
  });

  it('of a key is sent once', async () => {
    await bench.call('/me', undefined, 'cai');
    await bench.simulator.accept('cai', 'tmpl-shipped');
    await nextSecond();
    await bench.simulator.accept('cai', 'tmpl-shipped');
    const keyed = { ...SHIPPED, key: 'order-42-shipped' };
    const results = await Promise.all([1, 2, 3].map(() => message('cai', keyed)));
    expect(results.sort()).toEqual(['known', 'known', 'queued']);
    expect(await message('cai', { ...keyed, key: 'order-43-shipped' })).toBe('queued');
    expect(await allSentTo('cai', 2)).toHaveLength(2);
    // No right is left; that the message was sent is true all the same.
    expect(await message('cai', keyed)).toBe('known');
  });

  it('is refused with every fault when WeChat would refuse it, and sends nothing', async () => {
    const data = { thing1: '\u0007', phrase2: 'not Chinese', time3: 'soon' };
    const wrong = { templateId: 'tmpl shipped', data, page: 'pages with spaces', key: '\n' };
    const answer = await bench.call('/messages', wrong);
    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'MESSAGE_INVALID' } } });
    const details: { path: string }[] = answer.json.error.details;
    expect(details.map(({ path }) => path).sort()).toEqual([
      'key',
      'page',
      'phrase2',
      'templateId',
      'thing1',
      'time3',
    ]);
  });

  it('goes to one user after the other of its kind, and none is lost', async () => {
    await bench.call('/me', undefined, 'dan');
    bench.simulator.inject({ kind: 'latency', ms: 30, path: SEND, times: 3 });
    for (const _ of [1, 2, 3]) {
      await nextSecond();
      await bench.simulator.accept('dan', 'tmpl-shipped');
    }
    await Promise.all([1, 2, 3].map(() => message('dan')));
    expect(await allSentTo('dan', 3)).toHaveLength(3);
  });
});

describe('consent', () => {
  it('is one message for each acceptance, which client and WeChat tell of in any order', async () => {
    const report = () =>
      bench.call('/wechat/subscriptions', { answers: { 'tmpl-shipped': 'accept' } }, 'eve');
    await bench.simulator.accept('eve', 'tmpl-shipped');
    await bench.call('/me', undefined, 'eve');
    // The push came before the user was known, so this is all that tells of it.
    expect((await report()).status).toBe(204);
    expect(await message('eve')).toBe('queued');
    await allSentTo('eve', 1);
    expect(await message('eve')).toBe('no-consent');

    // First the client's word, then WeChat's; then the other way round. Both are one.
    await nextSecond();
    await report();
    await bench.simulator.accept('eve', 'tmpl-shipped');
    await nextSecond();
    await bench.simulator.accept('eve', 'tmpl-shipped');
    await report();
    const before = sends();
    const results = [await message('eve'), await message('eve'), await message('eve')];
    expect(results).toEqual(['queued', 'queued', 'no-consent']);
    await allSentTo('eve', 3);
    expect(sends()).toBe(before + 2);
  });

  it('to a long-term template lasts until the user switches it off', async () => {
    await bench.call('/me', undefined, 'fei');
    await bench.simulator.accept('fei', 'tmpl-service');
    for (const count of [1, 2, 3]) {
      expect(await message('fei', SERVICE)).toBe('queued');
      await allSentTo('fei', count);
    }
    await bench.simulator.switchOff('fei', 'tmpl-service');
    expect(await message('fei', SERVICE)).toBe('no-consent');
    await nextSecond();
    await bench.simulator.accept('fei', 'tmpl-service');
    expect(await message('fei', SERVICE)).toBe('queued');
  });

  it('that was never asked for, was declined, or is gone is no failure', async () => {
    const before = told().length;
    // Nothing is known of gao, so WeChat is asked; of han it is known that he said no.
    expect(await message('gao')).toBe('queued');
    await noConsent('gao');
    await bench.call('/wechat/subscriptions', { answers: { 'tmpl-shipped': 'reject' } }, 'han');
    expect(await message('han')).toBe('no-consent');
    expect(told()).toHaveLength(before);
    expect(bench.server.link.metrics()).toMatch(/maque_messages_total\{result="no-consent"\} [1-9]/);
  });

  it.each([
    ['no object', 'yes'],
    ['nothing', {}],
    ['too many', Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`t${index}`, 'accept']))],
    ['an id that is none', { 'a b': 'accept' }],
    ['an answer that is none', { a: 1 }],
  ])('is not taken from %s', async (_, answers) => {
    expect(await bench.call('/wechat/subscriptions', { answers })).toMatchObject({
      status: 400,
      json: { error: { code: 'VALIDATION_FAILED' } },
    });
  });
});

describe('what goes wrong when sending', () => {
  it('is tried again when WeChat is busy', async () => {
    await bench.call('/me', undefined, 'jin');
    await bench.simulator.accept('jin', 'tmpl-shipped');
    bench.simulator.inject({ kind: 'errcode', errcode: -1, path: SEND });
    await message('jin');
    expect(await allSentTo('jin', 1)).toHaveLength(1);
  });

  it('is final when it lies in the message, and an operator finds it among the dead', async () => {
    const before = told().length;
    await bench.call('/me', undefined, 'kim');
    await bench.simulator.accept('kim', 'tmpl-shipped');
    // Fits its kind, and is not all that the template needs.
    await message('kim', { templateId: 'tmpl-shipped', data: { thing1: '龙井' } });
    await waitUntil('an operator to be told', () => told().length > before);
    expect(told().at(-1)).toMatchObject({
      code: 'JOB_DIED',
      message: expect.stringContaining('character_string2'),
    });
    expect(sentTo('kim')).toEqual([]);
    // WeChat has not counted it, so neither have we: the right is there for the next one.
    expect(await message('kim')).toBe('queued');
    expect(await allSentTo('kim', 1)).toEqual(['龙井, SF100']);
  });

  // The last one: what it does to the path lasts for a quarter of an hour.
  it('waits for a quota, of which an operator is told', async () => {
    const before = told().length;
    await bench.call('/me', undefined, 'lan');
    await bench.simulator.accept('lan', 'tmpl-shipped');
    bench.simulator.inject({ kind: 'errcode', errcode: 45009, path: SEND });
    await message('lan');
    await waitUntil('an operator to be told', () => told().length > before);
    expect(told().at(-1)).toMatchObject({ code: 'WECHAT_QUOTA_USED_UP' });
    expect(bench.server.link.metrics()).toContain(`maque_wechat_quota_left{path="${SEND}"} 0`);
    expect((await bench.callAsAdmin('/admin/jobs')).json).toMatchObject({
      waiting: expect.any(Number),
      deadJobs: [{ name: 'messages.send', attempts: 1 }],
    });
  });
});

describe('what a failed send means to its job', () => {
  it.each([
    [40003, 'HopelessJobError'],
    [47003, 'HopelessJobError'],
    [45168, 'HopelessJobError'],
    [40037, 'HopelessJobError'],
    [43107, 'HopelessJobError'],
    [45009, 'PostponedJobError'],
    [43108, 'PostponedJobError'],
    [40125, 'WechatError'],
    [-1, 'WechatError'],
  ])('%s: %s', async (errcode, name) => {
    await using wechat = await startWechat();
    wechat.simulator.inject({ kind: 'errcode', errcode, path: SEND, times: 3 });
    const client = createWechatClient({
      appId: APP_ID,
      secret: SECRET,
      baseUrl: wechat.url,
      sleep: async () => {},
    });
    const send = client.messages.send({ openid: 'o1', ...SHIPPED });
    const error = await send.then(
      () => undefined,
      (reason: unknown) => jobErrorOf(reason),
    );
    expect(error).toMatchObject({ name });
  });

  it('is the end when the message may have arrived, and not while it cannot have', async () => {
    await using wechat = await startWechat();
    const options = { appId: APP_ID, secret: SECRET, sleep: async () => {} };
    const client = createWechatClient({ ...options, baseUrl: wechat.url });
    const failure = (sending: Promise<unknown>) => sending.then(() => undefined, jobErrorOf);
    wechat.simulator.inject({ kind: 'drop', path: SEND });
    expect(await failure(client.messages.send({ openid: 'o1', ...SHIPPED }))).toMatchObject({
      name: 'HopelessJobError',
      message: expect.stringContaining('it may have arrived'),
    });
    // The token cannot be had: nothing was sent.
    wechat.simulator.inject({ kind: 'drop', path: '/cgi-bin/stable_token', times: 9 });
    const other = createWechatClient({ ...options, baseUrl: wechat.url });
    expect(await failure(other.messages.send({ openid: 'o1', ...SHIPPED }))).toMatchObject({
      name: 'WechatError',
    });
  });

  it('is left alone when it is no answer of WeChat’s', () => {
    const error = new Error('the database is locked');
    expect(jobErrorOf(error)).toBe(error);
  });
});

import { createManualClock, HOUR, MINUTE } from '@maque/kit';
import {
  type BotSimulator,
  startDingtalkBot,
  startFeishuBot,
  startWecomBot,
} from '@maque/testkit/alerts/bot-simulators';
import { describe, expect, it } from 'vitest';
import { alertMessage } from '../../../fixtures/alert-message.ts';
import type { AlertMessage } from '../alert-message.ts';
import type { ChannelName } from '../channel.ts';
import { createChannel } from './create-channel.ts';
import { signDingtalk } from './dingtalk.ts';
import { signFeishu } from './feishu.ts';

const secret = 'SECtest';
const STARTERS = { wecom: startWecomBot, dingtalk: startDingtalkBot, feishu: startFeishuBot };
type BotName = keyof typeof STARTERS;
const BOTS = Object.keys(STARTERS) as BotName[];

async function startBot(type: BotName) {
  const clock = createManualClock(1_700_000_000_000);
  const bot = await STARTERS[type]({ secret, clock });
  const open = (options: { secret?: string; mentionAll?: boolean } = { secret }) =>
    createChannel({ type, webhook: bot.webhook, ...options }, clock);
  const send = (message: AlertMessage, options?: { secret?: string; mentionAll?: boolean }) =>
    open(options).send(message, AbortSignal.timeout(5_000));
  return { bot, clock, send };
}

const bodyOf = ({ requests }: BotSimulator) => JSON.parse(requests.at(-1)?.body ?? '');

describe('signatures', () => {
  it('are those that the makers of the bots would make', () => {
    expect(encodeURIComponent(signDingtalk('1700000000000', secret))).toBe(
      'aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g%3D',
    );
    expect(signFeishu('1700000000', secret)).toBe('G7XpBpG8NgG02fJOAhX6FRAObIljmFoxVReo8I62pEk=');
  });

  it.each(['dingtalk', 'feishu'] as const)('are checked by %s, with their time', async (type) => {
    const { bot, clock, send } = await startBot(type);
    await using _bot = bot;
    await send(alertMessage());
    expect(bot.texts).toHaveLength(1);
    await expect(send(alertMessage(), { secret: 'SECwrong' })).rejects.toMatchObject({
      code: 'ALERT_REFUSED',
    });
    clock.setWallClock(clock.now() + 2 * HOUR);
    await send(alertMessage());
    expect(bot.texts).toHaveLength(2);
  });
});

describe.each(BOTS)('%s', (type) => {
  it('takes a message as text, the host and environment in its first line', async () => {
    const { bot, send } = await startBot(type);
    await using _bot = bot;
    const message = alertMessage();
    await send(message);
    expect(bot.texts).toEqual([`${message.title}\n${message.text}`]);
  });

  it('takes a message that is too long, cut at a character', async () => {
    const { bot, send } = await startBot(type);
    await using _bot = bot;
    await send(alertMessage({ text: `${'内存"泄漏"\n'.repeat(5_000)}` }));
    expect(bot.texts[0]).toMatch(/…$/);
    expect(bot.texts[0]).not.toContain('\ufffd');
  });

  it('mentions everybody when it is urgent, and only then', async () => {
    const { bot, send } = await startBot(type);
    await using _bot = bot;
    const options = { secret, mentionAll: true };
    await send(alertMessage(), options);
    expect(bot.requests[0]?.body).not.toMatch(/@all|"isAtAll":true|user_id/);
    await send(alertMessage({ severity: 'critical', text: '<at user_id="ou_1">x</at>' }), options);
    // Somebody's name in a note mentions nobody.
    if (type === 'feishu') expect(bot.texts[1]).not.toContain('<at user_id="ou_1">');
    expect(bot.requests[1]?.body).toMatch(/@all|"isAtAll":true|<at user_id=\\"all\\">/);
  });

  it('says how long to keep away when it is asked too often', async () => {
    const { bot, send } = await startBot(type);
    await using _bot = bot;
    const tries = async () => {
      for (let count = 0; count < 30; count += 1) await send(alertMessage());
    };
    await expect(tries()).rejects.toMatchObject({
      code: 'ALERT_RATE_LIMITED',
      retryAfterSeconds: type === 'dingtalk' ? 600 : 60,
      data: { reason: expect.stringMatching(/^(45009|130101|11232) /) },
    });
  });

  it('tells a refusal with its code', async () => {
    const { bot, clock } = await startBot(type);
    await using _bot = bot;
    const elsewhere = createChannel({ type, webhook: bot.webhook.replace('693a91f6', '00000000') }, clock);
    await expect(elsewhere.send(alertMessage(), AbortSignal.timeout(5_000))).rejects.toMatchObject({
      code: 'ALERT_REFUSED',
      data: { reason: expect.stringMatching(/^(93000|300001|19001) /) },
    });
  });

  it.each([
    ['a bad gateway', { status: 502, body: '<html>bad gateway</html>' }, 'ALERT_UNREACHABLE', 'HTTP 502'],
    ['a connection that is cut', 'hang-up', 'ALERT_UNREACHABLE', 'ECONNRESET'],
    ['something else on its address', { body: '<html>hello</html>' }, 'ALERT_REFUSED', 'not a bot'],
    ['a redirect', { status: 302, headers: { location: '/login' }, body: '' }, 'ALERT_REFUSED', 'HTTP 302'],
    ['a long answer', { status: 500, body: 'x'.repeat(1e6) }, 'ALERT_UNREACHABLE', 'HTTP 500'],
  ] as const)('knows %s', async (_, fault, code, reason) => {
    const { bot, send } = await startBot(type);
    await using _bot = bot;
    bot.failNext(fault);
    await expect(send(alertMessage())).rejects.toMatchObject({ code, data: { reason } });
  });

  it('gives up when nothing comes', async () => {
    const { bot, clock } = await startBot(type);
    await using _bot = bot;
    bot.failNext('silence');
    const channel = createChannel({ type, webhook: bot.webhook, secret }, clock);
    await expect(channel.send(alertMessage(), AbortSignal.timeout(50))).rejects.toMatchObject({
      code: 'ALERT_UNREACHABLE',
      data: { reason: 'no answer in time' },
    });
  });

  it('never tells its secrets', async () => {
    const { bot, send } = await startBot(type);
    const key = bot.webhook.match(/693a91f6[\w-]+/)?.[0] ?? '';
    // WeCom's bots have no secret but their key.
    const echo = type === 'wecom' ? bot.webhook : `${bot.webhook} ${secret}`;
    bot.failNext({ body: { errcode: 1, code: 1, errmsg: echo, msg: echo } });
    const refused = await send(alertMessage()).catch((error: Error) => error);
    await bot[Symbol.asyncDispose]();
    const unreachable = await send(alertMessage()).catch((error: Error) => error);
    for (const error of [refused, unreachable]) {
      const told = JSON.stringify([error, String(error), (error as Error).stack]);
      expect(error).toBeInstanceOf(Error);
      expect(told).not.toContain(key);
      expect(told).not.toContain(secret);
    }
  });

  it('takes the bare secret of an address for the whole', () => {
    const { limits } = createChannel({ type, webhook: '693a91f6-7e1f' }, createManualClock());
    expect(limits[0]?.windowMs).toBe(MINUTE);
  });

  it.each([
    '',
    'not an address',
    'ftp://example.com/hook/x?key=1&access_token=1',
    'https://example.com/',
    undefined,
  ])('refuses the address %j and does not repeat it', (webhook) => {
    const open = () => createChannel({ type, webhook: webhook as string }, createManualClock());
    expect(open).toThrow(expect.objectContaining({ code: 'ALERT_ADDRESS_INVALID' }));
    if (webhook) expect(open).not.toThrow(new RegExp(webhook.slice(0, 20)));
  });

  it('refuses an address that would send its secret in the clear', () => {
    const webhook = 'http://bots.example.com/hook/abc?key=abc&access_token=abc';
    expect(() => createChannel({ type, webhook }, createManualClock())).toThrow(
      expect.objectContaining({ code: 'ALERT_ADDRESS_INSECURE' }),
    );
  });
});

it('WeCom gets its mention list, and DingTalk its own form', async () => {
  const wecom = await startBot('wecom');
  const dingtalk = await startBot('dingtalk');
  await using _wecom = wecom.bot;
  await using _dingtalk = dingtalk.bot;
  const urgent = alertMessage({ severity: 'critical' });
  await wecom.send(urgent, { mentionAll: true });
  await dingtalk.send(urgent, { secret, mentionAll: true });
  expect(bodyOf(wecom.bot)).toEqual({
    msgtype: 'text',
    text: { content: `${urgent.title}\n${urgent.text}`, mentioned_list: ['@all'] },
  });
  expect(bodyOf(dingtalk.bot)).toMatchObject({ msgtype: 'text', at: { atMobiles: [], isAtAll: true } });
});

it('knows every kind of channel', () => {
  const names: ChannelName[] = ['wecom', 'dingtalk', 'feishu', 'webhook'];
  const made = names.map(
    (type) =>
      createChannel({ type, webhook: 'abc', url: 'https://example.com' } as never, createManualClock()).name,
  );
  expect(made).toEqual(names);
});

import { createHmac } from 'node:crypto';
import { type Clock, HOUR, MINUTE, type Milliseconds, SECOND, systemClock } from '@maque/kit';
import { type AlertReceiver, type Answer, type ReceivedPost, startReceiver } from './alert-receiver.ts';

/** A group bot as its makers describe it: it checks addresses, signatures, sizes and rates, and keeps what it took. */
export interface BotSimulator extends AlertReceiver {
  /** What an operator copies from the bot's page. */
  readonly webhook: string;
  /** The texts that it took, oldest first. */
  readonly texts: readonly string[];
}

export interface BotSimulatorOptions {
  /** The bot wants signatures made with it. */
  readonly secret?: string;
  readonly clock?: Clock;
}

const KEY = '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa';

/** WeCom: 20 messages a minute, 2,048 bytes of text. */
export async function startWecomBot({
  clock = systemClock,
}: BotSimulatorOptions = {}): Promise<BotSimulator> {
  const texts: string[] = [];
  const isTooOften = rateLimit(clock, 20, MINUTE);
  const refuse = (errcode: number, errmsg: string): Answer => ({ body: { errcode, errmsg } });
  const receiver = await startReceiver((post) => {
    if (post.url.pathname !== '/cgi-bin/webhook/send' || post.url.searchParams.get('key') !== KEY) {
      return refuse(93000, 'invalid webhook url, hint: [1700000000_1], from ip: 127.0.0.1');
    }
    if (isTooOften()) return refuse(45009, 'api freq out of limit');
    const text = textAt(post, 'text', 'content');
    if (text === undefined) return refuse(40008, 'invalid message type');
    if (Buffer.byteLength(text) > 2_048) return refuse(40058, 'text.content exceed max length 2048');
    texts.push(text);
    return refuse(0, 'ok');
  });
  return { ...receiver, texts, webhook: `${receiver.origin}/cgi-bin/webhook/send?key=${KEY}` };
}

/** DingTalk: 20 messages a minute, deaf for ten minutes after the next one; signs in the query, with its clock within an hour. */
export async function startDingtalkBot(options: BotSimulatorOptions = {}): Promise<BotSimulator> {
  const { secret, clock = systemClock } = options;
  const texts: string[] = [];
  const isTooOften = rateLimit(clock, 20, MINUTE, 10 * MINUTE);
  const refuse = (errcode: number, errmsg: string): Answer => ({ body: { errcode, errmsg } });
  const receiver = await startReceiver((post) => {
    const { pathname, searchParams } = post.url;
    if (pathname !== '/robot/send' || searchParams.get('access_token') !== KEY) {
      return refuse(300001, 'token is not exist');
    }
    if (isTooOften()) return refuse(130101, 'send too fast, exceed 20 times per minute');
    if (secret !== undefined) {
      const timestamp = searchParams.get('timestamp') ?? '';
      if (Math.abs(clock.now() - Number(timestamp)) > HOUR) {
        return refuse(310000, 'invalid timestamp, more: [https://ding-doc.dingtalk.com/doc]');
      }
      const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
      if (searchParams.get('sign') !== sign)
        return refuse(310000, 'sign not match, more: [https://ding-doc]');
    }
    const text = textAt(post, 'text', 'content');
    if (text === undefined) return refuse(40035, 'missing parameter');
    texts.push(text);
    return refuse(0, 'ok');
  });
  return { ...receiver, texts, webhook: `${receiver.origin}/robot/send?access_token=${KEY}` };
}

/** Feishu: 100 messages a minute and 5 a second, bodies of 20 KB; signs in the body, with its clock within an hour. */
export async function startFeishuBot(options: BotSimulatorOptions = {}): Promise<BotSimulator> {
  const { secret, clock = systemClock } = options;
  const texts: string[] = [];
  const isTooOftenAMinute = rateLimit(clock, 100, MINUTE);
  const isTooOftenASecond = rateLimit(clock, 5, SECOND);
  const refuse = (code: number, msg: string, status = 200): Answer => ({
    status,
    body: { code, msg, data: {} },
  });
  const receiver = await startReceiver((post) => {
    if (post.url.pathname !== `/open-apis/bot/v2/hook/${KEY}`) return refuse(19001, 'param invalid', 400);
    const tooOften = [isTooOftenAMinute(), isTooOftenASecond()];
    if (tooOften.includes(true)) return refuse(11232, 'frequency limited');
    if (Buffer.byteLength(post.body) > 20 * 1024) return refuse(9499, 'Bad Request', 400);
    if (secret !== undefined) {
      const { timestamp, sign } = JSON.parse(post.body) as { timestamp?: string; sign?: string };
      const expected = createHmac('sha256', `${timestamp}\n${secret}`).digest('base64');
      const isLate = Math.abs(clock.now() - Number(timestamp) * SECOND) > HOUR;
      if (isLate || sign !== expected)
        return refuse(19021, 'sign match fail or timestamp is not within one hour');
    }
    const text = textAt(post, 'content', 'text');
    if (text === undefined) return refuse(9499, 'Bad Request', 400);
    texts.push(text);
    return refuse(0, 'success');
  });
  return { ...receiver, texts, webhook: `${receiver.origin}/open-apis/bot/v2/hook/${KEY}` };
}

/** Whether this request is one too many; above the rate everything is, for `blockMs`. */
function rateLimit(
  clock: Clock,
  count: number,
  windowMs: Milliseconds,
  blockMs: Milliseconds = 0,
): () => boolean {
  let times: number[] = [];
  let blockedUntil = Number.NEGATIVE_INFINITY;
  return () => {
    const now = clock.monotonic();
    times = times.filter((time) => now - time < windowMs);
    if (now < blockedUntil || times.length >= count) {
      if (times.length >= count) blockedUntil = now + blockMs;
      return true;
    }
    times.push(now);
    return false;
  };
}

function textAt(post: ReceivedPost, outer: string, inner: string): string | undefined {
  const { [outer]: content } = JSON.parse(post.body) as Record<string, Record<string, unknown> | undefined>;
  const text = content?.[inner];
  return typeof text === 'string' ? text : undefined;
}

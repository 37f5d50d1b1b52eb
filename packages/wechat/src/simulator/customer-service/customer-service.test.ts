import { HOUR, SECOND } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { startAccount } from '../with-account.fixture.ts';

const SEND = '/cgi-bin/message/custom/send';

async function startChat() {
  const account = await startAccount();
  return {
    ...account,
    say: async (changes: Record<string, unknown> = {}) =>
      (
        await account.post(SEND, {
          touser: account.openid,
          msgtype: 'text',
          text: { content: '在的' },
          ...changes,
        })
      ).errcode,
    typing: async () =>
      (await account.post('/cgi-bin/message/custom/typing', { touser: account.openid, command: 'Typing' }))
        .errcode,
    [Symbol.asyncDispose]: () => account[Symbol.asyncDispose](),
  };
}

describe('customer service', () => {
  it('may answer five times, for 48 hours, whom wrote', async () => {
    await using chat = await startChat();
    expect(await chat.say()).toBe(45015);
    await chat.simulator.write('demo-li', '在吗?');
    for (let replies = 0; replies < 5; replies += 1) expect(await chat.say()).toBe(0);
    expect(await chat.say()).toBe(45047);
    await chat.simulator.write('demo-li', '还在吗?');
    chat.clock.advance(48 * HOUR - 1);
    expect(await chat.say()).toBe(0);
    chat.clock.advance(1);
    expect(await chat.say()).toBe(45015);
    const lines = chat.simulator.state().chat.map(({ from, text }) => [from, text]);
    expect(lines.slice(0, 2)).toEqual([
      ['service', '在的'],
      ['user', '还在吗?'],
    ]);
  });

  it('can be seen typing while the user is there', async () => {
    await using chat = await startChat();
    expect(await chat.typing()).toBe(45080);
    await chat.simulator.write('demo-li', '在吗?');
    expect(await chat.typing()).toBe(0);
    const wrong = { touser: chat.openid, command: 'Writing' };
    expect((await chat.post('/cgi-bin/message/custom/typing', wrong)).errcode).toBe(45072);
    chat.clock.advance(30 * SECOND);
    expect(await chat.typing()).toBe(45080);
  });

  it.each([
    [{ touser: 'nobody' }, 40003],
    [{ msgtype: 'voice' }, 40008],
    [{ text: { content: '' } }, 47001],
    [{ text: 'a' }, 47001],
    [{ text: { content: '好'.repeat(683) } }, 45002],
    [{ msgtype: 'link', link: { title: 't' } }, 47001],
    [{ msgtype: 'miniprogrampage', miniprogrampage: { title: 't', pagepath: 'p', thumb_media_id: 'm' } }, 0],
    [{ msgtype: 'image', image: { media_id: 'm' } }, 0],
  ])('that sends %o gets %i', async (changes, errcode) => {
    await using chat = await startChat();
    await chat.simulator.write('demo-li', 'hi');
    expect(await chat.say(changes)).toBe(errcode);
  });
});

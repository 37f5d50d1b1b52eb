import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { PushFields } from '../../push/index.ts';
import { startSimulator } from '../../with-simulator.fixture.ts';
import type { SimulatorOptions } from '../simulator.ts';
import { startReceiver } from './with-receiver.fixture.ts';

type Wishes = Parameters<typeof startReceiver>[0] & { readonly options?: Partial<SimulatorOptions> };

/** A simulator that pushes to a server with our receiver. */
async function startBoth({ options, ...wishes }: Wishes = {}) {
  const receiver = await startReceiver(wishes);
  const sim = await startSimulator({
    clock: receiver.clock,
    pushTarget: receiver.target,
    pushRetryMs: 1,
    ...options,
  });
  return {
    receiver,
    simulator: sim.simulator,
    baseUrl: sim.baseUrl,
    async [Symbol.asyncDispose]() {
      await sim.simulator.close();
      await receiver[Symbol.asyncDispose]();
    },
  };
}

const EVENT: PushFields = { MsgType: 'event', Event: 'debug_demo', debug_str: '你好 & <CDATA> ]]> "quoted"' };

describe('a push', () => {
  const modes = ['plain', 'compatible', 'safe'] as const;
  const formats = ['json', 'xml'] as const;

  it.each(modes.flatMap((mode) => formats.map((format) => [mode, format] as const)))(
    'in the mode %s as %s is what our receiver believes, text, lists and all',
    async (mode, format) => {
      await using both = await startBoth({ mode, format });
      const push = await both.simulator.push(EVENT, { user: 'li' });
      expect(push).toMatchObject({ state: 'delivered', event: 'debug_demo', mode, format });
      expect(both.receiver.urlChecks).toHaveLength(1);
      const [message] = both.receiver.messages;
      expect(message).toMatchObject({
        msgType: 'event',
        event: 'debug_demo',
        toUser: expect.stringMatching(/^gh_[\da-f]{12}$/),
        fromUser: both.simulator.users[0]?.openid,
        fields: { debug_str: EVENT.debug_str },
        delivery: { encrypted: mode !== 'plain', format },
      });
      await both.simulator.accept('li', 'tmpl-paid', 'tmpl-shipped');
      await both.simulator.accept('li', 'tmpl-paid');
      const lists = both.receiver.messages.slice(1).map(({ fields }) => fields.List);
      const entry = (id: string) => ({ TemplateId: id, SubscribeStatusString: 'accept', PopupScene: '0' });
      expect(lists).toEqual([[entry('tmpl-paid'), entry('tmpl-shipped')], [entry('tmpl-paid')]]);
    },
  );

  it('goes nowhere without a target, and never before the URL has proved to be the right one', async () => {
    await using sim = await startSimulator();
    expect(await sim.simulator.push(EVENT)).toBeNull();
    await using both = await startBoth({ options: { pushTarget: undefined as never } });
    both.simulator.setPushTarget({ ...both.receiver.target, token: 'another' });
    expect(await both.simulator.push(EVENT)).toMatchObject({
      state: 'refused',
      tries: [{ what: 'url-check', status: 403 }],
    });
    expect(both.receiver.messages).toEqual([]);
    both.simulator.setPushTarget(both.receiver.target);
    expect(await both.simulator.checkPushUrl()).toMatchObject({ ok: true, status: 200 });
    expect(await both.simulator.push(EVENT)).toMatchObject({ state: 'delivered' });
  });

  it('is tried three times, with the same message, and is refused then', async () => {
    await using both = await startBoth({
      answer: (_, __, response) => void response.writeHead(500).end('broken'),
    });
    const push = await both.simulator.push({ MsgType: 'text', Content: 'hi' }, { user: 'li' });
    expect(push).toMatchObject({ state: 'refused' });
    expect(push?.tries.map(({ status, reply }) => [status, reply])).toEqual(Array(3).fill([500, 'broken']));
    expect(new Set(both.receiver.messages.map(({ key }) => key)).size).toBe(1);
  });

  it('is tried again when nothing comes back in time', async () => {
    let first = true;
    const answer: NonNullable<Wishes['answer']> = (_, __, response) => {
      if (!first) response.end();
      first = false;
    };
    await using both = await startBoth({ answer, options: { pushTimeoutMs: 50 } });
    const push = await both.simulator.push(EVENT);
    expect(push?.tries.map(({ error }) => error)).toEqual(['TIMED_OUT', null]);
    expect(push?.state).toBe('delivered');
  });

  it.each(['json', 'xml'] as const)(
    'brings a reply back that only the right key opens, as %s',
    async (format) => {
      const answer: NonNullable<Wishes['answer']> = (received, receiver, response) => {
        const { contentType, body } = receiver.reply(received, { kind: 'text', content: '马上发货' });
        response.setHeader('content-type', contentType);
        response.end(body);
      };
      await using both = await startBoth({ answer, format });
      const push = await both.simulator.write('li', '在吗?');
      expect(push?.tries[0]?.reply).toContain('马上发货');
      expect(both.receiver.messages[0]).toMatchObject({ msgType: 'text', fields: { Content: '在吗?' } });
    },
  );

  it('comes as often as told', async () => {
    await using both = await startBoth();
    await both.simulator.push(EVENT, { times: 3 });
    expect(both.receiver.messages).toHaveLength(3);
    expect(new Set(both.receiver.messages.map(({ key }) => key)).size).toBe(1);
  });
});

describe('a forged push', () => {
  it.each([
    ['signature', 'WECHAT_PUSH_SIGNATURE_WRONG'],
    ['body', 'WECHAT_PUSH_SIGNATURE_WRONG'],
    ['old', 'WECHAT_PUSH_STALE'],
    ['app-id', 'WECHAT_PUSH_APPID_MISMATCH'],
    ['key', 'WECHAT_PUSH_KEY_WRONG'],
    ['plain', 'WECHAT_PUSH_NOT_ENCRYPTED'],
  ] as const)('with a wrong %s is refused by our receiver: %s', async (forgery, code) => {
    await using both = await startBoth();
    const push = await both.simulator.push(EVENT, { forgery });
    expect(push).toMatchObject({ state: 'refused', forgery });
    expect(push?.tries).toHaveLength(1);
    expect(both.receiver.refusals).toEqual([code]);
    expect(both.receiver.messages).toEqual([]);
  });

  it('that repeats a true one to the byte is noticed', async () => {
    await using both = await startBoth();
    const push = await both.simulator.push(EVENT, { forgery: 'replay' });
    expect(push?.tries.map(({ status }) => status)).toEqual([200, 403]);
    expect(both.receiver.refusals).toEqual(['WECHAT_PUSH_REPEATED']);
  });
});

describe('a fault of pushes', () => {
  it('hits as many as told: lost, repeated, delayed or forged', async () => {
    await using both = await startBoth();
    const { simulator, receiver } = both;
    simulator.inject({ kind: 'push', how: 'lost', event: 'debug_demo' });
    expect((await simulator.push(EVENT))?.state).toBe('lost');
    simulator.inject({ kind: 'push', how: 'repeated', times: 1 });
    await simulator.push(EVENT);
    expect(receiver.messages).toHaveLength(2);
    simulator.inject({ kind: 'push', how: 'delayed', ms: 60 });
    const startedAt = performance.now();
    await simulator.push(EVENT);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(55);
    simulator.inject({ kind: 'push', how: 'signature' });
    expect(await simulator.push(EVENT)).toMatchObject({ state: 'refused', forgery: 'signature' });
    expect(simulator.state().faults).toEqual([]);
    expect(await simulator.push(EVENT)).toMatchObject({ state: 'delivered' });
  });

  it('may be a clock that is wrong: what is signed by it is too old', async () => {
    await using both = await startBoth();
    await both.simulator.push(EVENT);
    both.simulator.inject({ kind: 'clock-skew', ms: -6 * 60_000 });
    const push = await both.simulator.push(EVENT);
    expect(push?.state).toBe('refused');
    const date = (await fetch(`${both.baseUrl}/_sim/state`)).headers.get('date') ?? '';
    expect(Date.parse(date)).toBe(both.receiver.clock.now() - 6 * 60_000);
    both.simulator.clearFaults();
    expect((await both.simulator.push(EVENT))?.state).toBe('delivered');
  });

  it('never comes of letting time pass: that moves what grows old, and no signature', async () => {
    await using both = await startBoth();
    both.simulator.advance(24 * 3_600_000);
    expect((await both.simulator.push(EVENT))?.state).toBe('delivered');
  });
});

describe('the pusher', () => {
  it('shows the last 50, and sends 8 at once', async () => {
    let atOnce = 0;
    let most = 0;
    const answer: NonNullable<Wishes['answer']> = async (_, __, response) => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await sleep(5);
      atOnce -= 1;
      response.end();
    };
    await using both = await startBoth({ answer });
    await both.simulator.checkPushUrl();
    await Promise.all(Array.from({ length: 120 }, () => both.simulator.push(EVENT)));
    expect(both.receiver.messages).toHaveLength(120);
    expect(most).toBe(8);
    const { pushes } = both.simulator.state();
    expect([pushes.length, pushes[0]?.id]).toEqual([50, 120]);
  });

  it('drops what is more than 1,000 behind, and ends at once when it is closed', async () => {
    await using both = await startBoth({ answer: () => undefined });
    await both.simulator.checkPushUrl();
    const pushes = Array.from({ length: 1_010 }, () => both.simulator.push(EVENT));
    expect((await pushes[1_009])?.state).toBe('lost');
    await both.simulator.close();
    const states = (await Promise.all(pushes)).map((push) => push?.state);
    expect(states.filter((state) => state === 'lost')).toHaveLength(2);
    expect(states).not.toContain('delivered');
  });

  it('says so when a message cannot be written, and goes on', async () => {
    await using both = await startBoth({ format: 'xml' });
    let deep: PushFields = {};
    for (let level = 0; level < 20_000; level += 1) deep = { a: deep };
    const push = await both.simulator.push({ MsgType: 'text', deep });
    expect(push).toMatchObject({
      state: 'lost',
      tries: [{ ok: false, error: expect.stringContaining('Error') }],
    });
    expect(await both.simulator.push(EVENT)).toMatchObject({ state: 'delivered' });
  });

  it.each([
    [{ url: 'ftp://a' }, 'http or https'],
    [{ token: 'a b' }, 'token must be'],
    [{ encodingAesKey: 'short' }, '43 letters'],
    [{ mode: 'clear' }, 'mode must be'],
    [{ format: 'yaml' }, 'format must be'],
    [{ secret: 'x' }, 'no secret'],
  ])('does not take %o for a target', async (changes, reason) => {
    await using both = await startBoth();
    expect(() => both.simulator.setPushTarget({ ...both.receiver.target, ...changes } as never)).toThrow(
      reason,
    );
  });

  it.each([
    [{ fields: null }],
    [{ fields: { Event: 'x' } }],
    [{ fields: EVENT, forgery: 'magic' }],
    [{ fields: EVENT, times: 11 }],
    [{ fields: EVENT, user: '../x' }],
  ])('does not send %o', async (body) => {
    await using both = await startBoth();
    const answer = await fetch(`${both.baseUrl}/_sim/pushes`, { method: 'POST', body: JSON.stringify(body) });
    expect(await answer.json()).toMatchObject({ error: { code: 'SIM_REQUEST_INVALID' } });
    expect(both.receiver.messages).toEqual([]);
  });
});

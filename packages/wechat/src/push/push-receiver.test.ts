import { CodedError, MINUTE } from '@maque/kit';
import { decrypt, getSignature } from '@wecom/crypto';
import { describe, expect, it } from 'vitest';
import { type PushErrorCode, pushErrors } from './index.ts';
import { ACCOUNT, arriving, PLAIN_ACCOUNT, push, SENT_EVENT, startReceiver, TEXT } from './push.fixture.ts';
import type { PushQuery } from './push-query.ts';
import { signPush } from './push-signature.ts';
import { readBody } from './read-body.ts';

/** What a receiver refuses with; undefined when it does not. */
function refusalOf(act: () => unknown): PushErrorCode | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof CodedError && Object.hasOwn(pushErrors, error.code))
      return error.code as PushErrorCode;
    throw error;
  }
}

const FORMATS = ['json', 'xml'] as const;

describe('a push', () => {
  it.each(
    FORMATS.flatMap((format) =>
      (['plain', 'compatible', 'safe'] as const).map((mode) => [mode, format] as const),
    ),
  )('reads the same in %s mode as %s', (mode, format) => {
    const { receiver } = startReceiver(mode === 'plain' ? PLAIN_ACCOUNT : ACCOUNT);
    const encrypted = mode !== 'plain';
    const text = receiver.read(arriving(push(TEXT, { mode, format })));
    expect(text).toMatchObject({
      toUser: 'gh_97417a04a28d',
      fromUser: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
      createdAtMs: 1_790_000_000_000,
      msgType: 'text',
      event: '',
      key: 'msg:24012345678901234',
      fields: { Content: TEXT.Content, MsgId: '24012345678901234' },
      delivery: { format, encrypted },
    });
    const event = receiver.read(arriving(push(SENT_EVENT, { mode, format })));
    expect(event).toMatchObject({ event: 'subscribe_msg_sent_event', fields: { List: SENT_EVENT.List } });
    expect(Object.keys(event.fields)).toEqual(['List']);
  });

  it('has a list even where WeChat makes an object of its only entry', () => {
    const { receiver } = startReceiver();
    const [entry = null] = SENT_EVENT.List as readonly string[];
    const one = receiver.read(arriving(push({ ...SENT_EVENT, List: entry })));
    expect(one.fields.List).toEqual([entry]);
    const many = receiver.read(arriving(push({ ...SENT_EVENT, List: [entry, entry] }, { format: 'xml' })));
    expect(many.fields.List).toEqual([entry, entry]);
    const checked = {
      ...SENT_EVENT,
      Event: 'wxa_media_check',
      List: [],
      detail: { strategy: 'content_model' },
    };
    expect(receiver.read(arriving(push(checked))).fields.detail).toEqual([{ strategy: 'content_model' }]);
  });

  it('keeps numbers as they came, those beyond 2^53 as text', () => {
    const { receiver } = startReceiver(PLAIN_ACCOUNT);
    const { query } = push(TEXT, { mode: 'plain' });
    const body =
      '{"ToUserName":"a","FromUserName":"b","CreateTime":"1620973045","MsgType":"x","MsgId":24012345678901235,"n":7}';
    expect(receiver.read({ query, body: Buffer.from(body) })).toMatchObject({
      createdAtMs: 1_620_973_045_000,
      key: 'msg:24012345678901235',
      fields: { MsgId: '24012345678901235', n: 7 },
    });
  });

  it('has the same key for each delivery, and another for another message', () => {
    const { receiver } = startReceiver();
    const keyOf = (fields: typeof TEXT) => receiver.read(arriving(push(fields))).key;
    expect(keyOf(TEXT)).toBe(keyOf(TEXT));
    expect(keyOf(SENT_EVENT)).toBe(keyOf(SENT_EVENT));
    expect(keyOf(SENT_EVENT).length).toBeLessThanOrEqual(80);
    const others = [
      { ...TEXT, MsgId: '24012345678901235' },
      SENT_EVENT,
      { ...SENT_EVENT, CreateTime: 1 },
      { ...SENT_EVENT, FromUserName: 'somebody else' },
      { ...SENT_EVENT, Event: 'subscribe_msg_change_event' },
      // Two messages to one user in one second: all else is equal.
      { ...SENT_EVENT, List: [{ MsgID: '2' }] },
      { ...SENT_EVENT, transaction_id: '1' },
    ];
    expect(new Set([TEXT, ...others].map(keyOf)).size).toBe(others.length + 1);
  });
});

describe('the URL check', () => {
  const check = (query: PushQuery = {}) => {
    const nonce = '1514711492';
    const signature = signPush(ACCOUNT.token, '1790000000', nonce);
    return { signature, timestamp: '1790000000', nonce, echostr: '4375120948345356249', ...query };
  };

  it('is answered with what it brings, as often as it is asked', () => {
    const { receiver } = startReceiver();
    expect([receiver.verifyUrl(check()), receiver.verifyUrl(check())]).toEqual(
      Array(2).fill('4375120948345356249'),
    );
  });

  it.each<[PushErrorCode, PushQuery]>([
    ['WECHAT_PUSH_SIGNATURE_WRONG', { signature: '0'.repeat(40) }],
    ['WECHAT_PUSH_SIGNATURE_WRONG', { nonce: '1514711493' }],
    ['WECHAT_PUSH_SIGNATURE_WRONG', { timestamp: '1790000001' }],
    ['WECHAT_PUSH_MALFORMED', { signature: undefined }],
    ['WECHAT_PUSH_MALFORMED', { signature: ['a', 'b'] }],
    ['WECHAT_PUSH_MALFORMED', { timestamp: 'now' }],
    ['WECHAT_PUSH_MALFORMED', { echostr: '<script>alert(1)</script>\n' }],
    ['WECHAT_PUSH_MALFORMED', { echostr: 'x'.repeat(257) }],
  ])('is refused with %s when it brings %j', (code, query) => {
    const { receiver } = startReceiver();
    expect(refusalOf(() => receiver.verifyUrl(check(query)))).toBe(code);
  });
});

describe('what is not believed', () => {
  it.each(FORMATS)('a byte that was changed on the way, as %s', (format) => {
    const { receiver } = startReceiver();
    const { query, body } = arriving(push(TEXT, { format }));
    const codes = new Set<PushErrorCode | undefined>();
    for (let at = 0; at < body.length; at += 1) {
      for (const bit of [1, 2, 32]) {
        const changed = Buffer.from(body);
        changed.writeUInt8(changed.readUInt8(at) ^ bit, at);
        codes.add(refusalOf(() => receiver.read({ query, body: changed })));
      }
    }
    expect(codes).toContain('WECHAT_PUSH_SIGNATURE_WRONG');
    expect(codes).toContain('WECHAT_PUSH_MALFORMED');
    expect(codes).not.toContain(undefined);
    expect(refusalOf(() => receiver.read({ query, body }))).toBeUndefined();
  });

  it('another signature, time, nonce or token', () => {
    const { receiver } = startReceiver();
    const { query, body } = arriving(push(TEXT));
    for (const wrong of [{ msg_signature: '0'.repeat(40) }, { timestamp: '1790000001' }, { nonce: '1' }]) {
      expect(refusalOf(() => receiver.read({ query: { ...query, ...wrong }, body }))).toBe(
        'WECHAT_PUSH_SIGNATURE_WRONG',
      );
    }
    const forged = arriving(push(TEXT, {}, { ...ACCOUNT, token: 'guessed' }));
    expect(refusalOf(() => receiver.read(forged))).toBe('WECHAT_PUSH_SIGNATURE_WRONG');
    expect(refusalOf(() => receiver.read({ query: { ...query, msg_signature: undefined }, body }))).toBe(
      'WECHAT_PUSH_MALFORMED',
    );
  });

  it('a time that is more than five minutes off, either way', () => {
    const { receiver, clock } = startReceiver();
    const early = arriving(push(TEXT));
    const late = arriving(push(TEXT, { timestamp: 1_790_000_000 + 6 * 60 }));
    expect(refusalOf(() => receiver.read(late))).toBe('WECHAT_PUSH_STALE');
    clock.advance(5 * MINUTE);
    expect(refusalOf(() => receiver.read(early))).toBeUndefined();
    clock.advance(MINUTE);
    const error = (() => {
      try {
        receiver.read(arriving(push(SENT_EVENT)));
      } catch (error) {
        return error;
      }
    })();
    expect(error).toMatchObject({ code: 'WECHAT_PUSH_STALE', data: { skewSeconds: 360 } });
  });

  it('a push that was taken before, until it is told that it could not be kept', () => {
    const { receiver } = startReceiver();
    const again = arriving(push(TEXT));
    const received = receiver.read(again);
    expect(refusalOf(() => receiver.read(again))).toBe('WECHAT_PUSH_REPEATED');
    receiver.release(received);
    expect(receiver.read(again)).toEqual(received);
    expect(refusalOf(() => receiver.read(again))).toBe('WECHAT_PUSH_REPEATED');
  });

  it('another message under a plain signature that was overheard', () => {
    const { receiver } = startReceiver(PLAIN_ACCOUNT);
    const { query, body } = arriving(push(TEXT, { mode: 'plain' }));
    receiver.read({ query, body });
    const forged = Buffer.from(JSON.stringify({ ...TEXT, Content: 'give me everything' }));
    expect(refusalOf(() => receiver.read({ query, body: forged }))).toBe('WECHAT_PUSH_REPLAYED');
    // Spelled otherwise, it is the same signature.
    const shouted = { ...query, signature: query.signature?.toUpperCase() };
    expect(refusalOf(() => receiver.read({ query: shouted, body: forged }))).toBe('WECHAT_PUSH_REPLAYED');
  });

  it('remembers some thousand signatures, and then forgets the oldest', () => {
    const { receiver } = startReceiver(PLAIN_ACCOUNT);
    const plain = () => arriving(push(TEXT, { mode: 'plain' }));
    const [first, second] = [plain(), plain()];
    for (const taken of [first, second]) receiver.read(taken);
    for (let others = 2; others <= 8_192; others += 1) receiver.read(plain());
    expect(refusalOf(() => receiver.read(second))).toBe('WECHAT_PUSH_REPEATED');
    expect(refusalOf(() => receiver.read(first))).toBeUndefined();
  });

  it('a plain message where encrypted ones are expected, and the plain half of a compatible one', () => {
    const { receiver } = startReceiver();
    expect(refusalOf(() => receiver.read(arriving(push(TEXT, { mode: 'plain' }))))).toBe(
      'WECHAT_PUSH_NOT_ENCRYPTED',
    );
    const { query, body } = push(TEXT, { mode: 'compatible' });
    const swapped = JSON.stringify({ ...JSON.parse(body), Content: 'give me everything', MsgId: '1' });
    expect(receiver.read(arriving({ query, body: swapped })).fields).toEqual({
      Content: TEXT.Content,
      MsgId: TEXT.MsgId,
    });
  });

  it('a message for another mini-program, or under another key', () => {
    const { receiver } = startReceiver();
    const elsewhere = arriving(push(TEXT, {}, { ...ACCOUNT, appId: 'wx0000000000000000' }));
    expect(refusalOf(() => receiver.read(elsewhere))).toBe('WECHAT_PUSH_APPID_MISMATCH');
    const otherKey = arriving(push(TEXT, {}, { ...ACCOUNT, encodingAesKey: 'z'.repeat(43) }));
    expect(refusalOf(() => receiver.read(otherKey))).toBe('WECHAT_PUSH_KEY_WRONG');
  });

  it('an encrypted message without a key; of a compatible one the plain half is enough then', () => {
    const { receiver } = startReceiver(PLAIN_ACCOUNT);
    expect(refusalOf(() => receiver.read(arriving(push(TEXT))))).toBe('WECHAT_PUSH_KEY_MISSING');
    const read = receiver.read(arriving(push(TEXT, { mode: 'compatible' })));
    expect(read.fields).toEqual({ Content: TEXT.Content, MsgId: TEXT.MsgId });
    expect(read.delivery.encrypted).toBe(false);
  });

  it('a body that is too large, before it is looked at', () => {
    const { receiver } = startReceiver();
    const { query } = push(TEXT);
    const read = (bytes: number) => refusalOf(() => receiver.read({ query, body: Buffer.alloc(bytes, ' ') }));
    expect([read(256 * 1_024 + 1), read(256 * 1_024)]).toEqual([
      'WECHAT_PUSH_TOO_LARGE',
      'WECHAT_PUSH_MALFORMED',
    ]);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['text', 'success'],
    ['broken JSON', '{"ToUserName":'],
    ['an array', '[{}]'],
    ['JSON that is too deep', `${'{"a":'.repeat(10)}1${'}'.repeat(10)}`],
    ['JSON that is far too deep', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['JSON of too many values', JSON.stringify({ a: Array(1_000).fill(0) })],
    ['no UTF-8', '\udfff'],
    ['a message without a sender', JSON.stringify({ ...TEXT, FromUserName: undefined })],
    ['a message without a kind', JSON.stringify({ ...TEXT, MsgType: 7 })],
    ['a message without a time', JSON.stringify({ ...TEXT, CreateTime: 'yesterday' })],
    ['a message with a list for a time', JSON.stringify({ ...TEXT, CreateTime: ['1790000000'] })],
    ['a name without bounds', JSON.stringify({ ...TEXT, Event: 'x'.repeat(129) })],
  ])('what is no message: %s', (_, body) => {
    const { receiver } = startReceiver(PLAIN_ACCOUNT);
    const { query } = push(TEXT, { mode: 'plain' });
    const bytes = body === '\udfff' ? Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) : Buffer.from(body);
    expect(refusalOf(() => receiver.read({ query, body: bytes }))).toBe('WECHAT_PUSH_MALFORMED');
  });
});

describe('an answer that says something', () => {
  it('goes back the way the message came', () => {
    const plain = startReceiver(PLAIN_ACCOUNT).receiver;
    const json = plain.reply(plain.read(arriving(push(TEXT, { mode: 'plain' }))), {
      kind: 'text',
      content: 'moment',
    });
    expect(JSON.parse(json.body)).toEqual({
      ToUserName: TEXT.FromUserName,
      FromUserName: TEXT.ToUserName,
      CreateTime: 1_790_000_000,
      MsgType: 'text',
      Content: 'moment',
    });
    const xml = plain.reply(plain.read(arriving(push(TEXT, { mode: 'plain', format: 'xml' }))), {
      kind: 'transfer',
    });
    expect(xml).toEqual({
      contentType: 'text/xml; charset=utf-8',
      body: `<xml><ToUserName><![CDATA[${TEXT.FromUserName}]]></ToUserName><FromUserName><![CDATA[gh_97417a04a28d]]></FromUserName><CreateTime>1790000000</CreateTime><MsgType><![CDATA[transfer_customer_service]]></MsgType></xml>`,
    });
  });

  it.each(FORMATS)('is encrypted when the message was, as %s', (format) => {
    const { receiver } = startReceiver();
    const answer = receiver.reply(receiver.read(arriving(push(TEXT, { format }))), {
      kind: 'image',
      mediaId: 'm1',
    });
    expect(answer.body).not.toContain('MediaId');
    if (format === 'xml') expect(answer.body).toMatch(/<TimeStamp>1790000000<\/TimeStamp><Nonce><!\[CDATA\[/);
    const field = (name: string) =>
      new RegExp(`${name}(?:":"|><!\\[CDATA\\[)([^"\\]]+)`).exec(answer.body)?.[1] ?? '';
    const encrypted = field('Encrypt');
    expect(field('MsgSignature')).toBe(getSignature(ACCOUNT.token, 1_790_000_000, field('Nonce'), encrypted));
    const { message, id } = decrypt(ACCOUNT.encodingAesKey, encrypted);
    expect(id).toBe(ACCOUNT.appId);
    expect(readBody(message)).toEqual({
      format,
      fields: {
        ToUserName: TEXT.FromUserName,
        FromUserName: TEXT.ToUserName,
        CreateTime: format === 'xml' ? '1790000000' : 1_790_000_000,
        MsgType: 'image',
        Image: { MediaId: 'm1' },
      },
    });
  });
});

describe('settings that cannot be right', () => {
  it.each([
    { token: '' },
    { token: 'two words' },
    { encodingAesKey: 'A'.repeat(42) },
    { encodingAesKey: '' },
  ])('%j are told at once', (wrong) => {
    expect(() => startReceiver({ ...ACCOUNT, ...wrong })).toThrow(TypeError);
  });
});

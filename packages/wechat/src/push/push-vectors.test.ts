import { createManualClock, SECOND } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { encryptPush } from './encrypt-push.ts';
import { createPushReceiver } from './index.ts';

// What WeChat's documentation calculates with, and one encrypted answer of its example.
const ACCOUNT = { appId: 'wxba5fad812f8e6fb9', token: 'AAAAA', encodingAesKey: 'A'.repeat(43) };

const ENCRYPTED =
  '+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=';

const MESSAGE = {
  ToUserName: 'gh_97417a04a28d',
  FromUserName: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
  CreateTime: 1714112445,
  MsgType: 'event',
  Event: 'debug_demo',
  debug_str: 'hello world',
};

const at = (seconds: number) => createManualClock(seconds * SECOND);

describe("WeChat's own examples", () => {
  it('check the URL', () => {
    const { encodingAesKey: _, ...plain } = ACCOUNT;
    const receiver = createPushReceiver({ ...plain, clock: at(1714036504) });
    const query = {
      signature: 'f464b24fc39322e44b38aa78f5edd27bd1441696',
      echostr: '4375120948345356249',
      timestamp: '1714036504',
      nonce: '1514711492',
    };
    expect(receiver.verifyUrl(query)).toBe('4375120948345356249');
    expect(createPushReceiver({ ...ACCOUNT, clock: at(1714036504) }).verifyUrl(query)).toBe(query.echostr);
  });

  it('sign a plain push', () => {
    const { encodingAesKey: _, ...plain } = ACCOUNT;
    const query = {
      signature: '899cf89e464efb63f54ddac96b0a0a235f53aa78',
      timestamp: '1714037059',
      nonce: '486452656',
    };
    const receiver = createPushReceiver({ ...plain, clock: at(1714037059) });
    expect(receiver.read({ query, body: Buffer.from(JSON.stringify(MESSAGE)) })).toMatchObject({
      toUser: MESSAGE.ToUserName,
      fromUser: MESSAGE.FromUserName,
      createdAtMs: 1_714_112_445_000,
      msgType: 'event',
      event: 'debug_demo',
      fields: { debug_str: 'hello world' },
      delivery: { format: 'json', encrypted: false },
    });
  });

  it.each([
    ['JSON', JSON.stringify({ ToUserName: 'gh_97417a04a28d', Encrypt: ENCRYPTED })],
    [
      'XML',
      `<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName><Encrypt><![CDATA[${ENCRYPTED}]]></Encrypt></xml>`,
    ],
  ])('encrypt a push in %s', (_, body) => {
    const receiver = createPushReceiver({ ...ACCOUNT, clock: at(1714112445) });
    const query = {
      // Not looked at in safe mode: whatever it is.
      signature: '0'.repeat(40),
      timestamp: '1714112445',
      nonce: '415670741',
      openid: MESSAGE.FromUserName,
      encrypt_type: 'aes',
      msg_signature: '046e02f8204d34f8ba5fa3b1db94908f3df2e9b3',
    };
    expect(receiver.read({ query, body: Buffer.from(body) })).toMatchObject({
      event: 'debug_demo',
      fields: { debug_str: 'hello world' },
      delivery: { encrypted: true },
    });
  });

  it('encrypt what is sent, byte for byte', () => {
    const push = encryptPush(ACCOUNT, JSON.stringify(MESSAGE), {
      timestamp: '1714112445',
      nonce: '415670741',
      random: Buffer.from('a8eedb185eb2fecf'),
    });
    expect(push).toMatchObject({
      encrypt: ENCRYPTED,
      msgSignature: '046e02f8204d34f8ba5fa3b1db94908f3df2e9b3',
    });
    const answer = encryptPush(ACCOUNT, '{"demo_resp":"good luck"}', {
      timestamp: '1713424427',
      nonce: '415670741',
      random: Buffer.from('707722b803182950'),
    });
    expect(answer).toEqual({
      encrypt: 'ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==',
      msgSignature: '1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1',
      timestamp: '1713424427',
      nonce: '415670741',
    });
  });
});

import { type Bytes, type Clock, KiB, MINUTE, type Milliseconds, SECOND, systemClock } from '@maque/kit';
import { type PassiveReply, writeReply } from './passive-reply.ts';
import { PushCipher } from './push-cipher.ts';
import { malformed, pushErrors } from './push-errors.ts';
import type { PushAccount, PushFields, ReceivedPush } from './push-message.ts';
import { type PushQuery, parameter } from './push-query.ts';
import { PushReplays } from './push-replays.ts';
import { signatureMatches, signPush } from './push-signature.ts';
import { readBody, readText } from './read-body.ts';
import { readMessage } from './read-message.ts';
import type { WrittenBody } from './write-body.ts';

// What WeChat Pay demands of clocks; a server whose clock is further off has other troubles, and a signature that was
// overheard is worth nothing after it.
const DEFAULT_MAX_SKEW: Milliseconds = 5 * MINUTE;

// Messages have some hundred bytes, encrypted ones a third more.
const DEFAULT_MAX_BYTES: Bytes = 256 * KiB;

export interface PushReceiverOptions extends PushAccount {
  /** How far the signed time may be off, either way: 5 minutes unless told. */
  readonly maxSkewMs?: Milliseconds;
  /** The largest body read: 256 KiB unless told. */
  readonly maxBytes?: Bytes;
  readonly clock?: Clock;
}

/**
 * Believes WeChat's pushes, and nobody else's. Nothing is done here but reading: keep the message under its `key`, answer
 * `success` within 5 s, and work on it afterwards. WeChat repeats a push that was not answered in time, thrice in all.
 */
export interface PushReceiver {
  /**
   * The `echostr` with which the GET of WeChat's console is answered, as plain text.
   * @throws CodedError of {@link pushErrors}
   */
  verifyUrl(query: PushQuery): string;
  /**
   * Reads a POST in any mode and format. With an EncodingAESKey only what is encrypted is believed; of compatible mode the
   * plain half is not looked at. `WECHAT_PUSH_REPEATED` deserves the answer `success`: it was taken before.
   * @throws CodedError of {@link pushErrors}
   */
  read(request: { readonly query: PushQuery; readonly body: Uint8Array }): ReceivedPush;
  /** A message that was read could not be kept: when WeChat sends it again, it is not taken for a repetition. */
  release(received: ReceivedPush): void;
  /** The answer, with status 200, that says something to the user; encrypted if the message was. */
  reply(received: ReceivedPush, reply: PassiveReply): WrittenBody;
}

/** @throws TypeError when the token or the EncodingAESKey cannot be right. */
export function createPushReceiver(options: PushReceiverOptions): PushReceiver {
  const { appId, token, encodingAesKey } = options;
  const { maxSkewMs = DEFAULT_MAX_SKEW, maxBytes = DEFAULT_MAX_BYTES, clock = systemClock } = options;
  if (!/^[A-Za-z0-9]{3,32}$/.test(token)) throw new TypeError('token must be 3 to 32 letters or digits');
  const cipher = encodingAesKey === undefined ? undefined : new PushCipher(appId, encodingAesKey);
  const replays = new PushReplays();

  /** @returns the signature. */
  function assertSigned(query: PushQuery, name: 'signature' | 'msg_signature', ...more: string[]): string {
    const timestamp = parameter(query, 'timestamp');
    const signature = signPush(token, timestamp, parameter(query, 'nonce'), ...more);
    if (!signatureMatches(signature, parameter(query, name))) throw pushErrors.WECHAT_PUSH_SIGNATURE_WRONG();
    // After the signature: then it is WeChat's time, and an operator can be told by how much the two differ.
    const skewMs = clock.now() - Number(timestamp) * SECOND;
    if (Math.abs(skewMs) > maxSkewMs) {
      throw pushErrors.WECHAT_PUSH_STALE({ data: { skewSeconds: Math.round(skewMs / SECOND) } });
    }
    return signature;
  }

  /** The fields of a body that is known to be WeChat's, and who vouches for them. */
  function believe(query: PushQuery, outside: PushFields) {
    const { Encrypt, ...plain } = outside;
    if (cipher === undefined) {
      const signature = assertSigned(query, 'signature');
      if (Encrypt !== undefined && plain.MsgType === undefined) throw pushErrors.WECHAT_PUSH_KEY_MISSING();
      return { signature, fields: plain, encrypted: false };
    }
    if (Encrypt === undefined) throw pushErrors.WECHAT_PUSH_NOT_ENCRYPTED();
    if (typeof Encrypt !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(Encrypt)) throw malformed('no Encrypt');
    const signature = assertSigned(query, 'msg_signature', Encrypt);
    const { fields } = readBody(readText(cipher.decrypt(Encrypt)));
    // The rest of the envelope is signed by nobody: this is all that it may say, and of a compatible one it is not looked at.
    if (plain.ToUserName !== fields.ToUserName) throw malformed('an envelope for somebody else');
    return { signature, fields, encrypted: true };
  }

  return {
    verifyUrl(query) {
      const echo = parameter(query, 'echostr');
      assertSigned(query, 'signature');
      return echo;
    },
    read({ query, body }) {
      if (body.byteLength > maxBytes) throw pushErrors.WECHAT_PUSH_TOO_LARGE({ data: { maxBytes } });
      const { format, fields: outside } = readBody(readText(body));
      const { fields, signature, encrypted } = believe(query, outside);
      const message = readMessage(fields);
      replays.claim(signature, body);
      return { ...message, delivery: { format, encrypted, signature } };
    },
    release: ({ delivery }) => replays.release(delivery.signature),
    reply: (received, reply) => writeReply(options, received, reply, Math.floor(clock.now() / SECOND)),
  };
}

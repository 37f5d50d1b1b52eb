import { type KeyObject, verify } from 'node:crypto';
import { MINUTE, type Milliseconds, SECOND, type Text } from '@maque/kit';
import { SIGNATURE_TYPE } from './sign.ts';

// WeChat Pay's own bound for what is sent to it, and the one it asks us to keep.
const MAX_AGE: Milliseconds = 5 * MINUTE;

// WeChat Pay signs what it must not be believed now and then, to see that somebody looks.
const PROBE = 'WECHATPAY/SIGNTEST/';

// Of 256 bytes with a key of 2048 bits; 4096 bits would have 684 characters.
const MAX_SIGNATURE_LENGTH = 684;

/** A message of WeChat Pay, as it came in. */
export interface SignedMessage {
  /** A header by its name in lower case; undefined when it is not there or there more than once. */
  readonly header: (name: string) => string | undefined;
  /** The very bytes. */
  readonly body: Uint8Array;
}

/** Why a message is not to be believed. */
export interface Disbelief {
  /**
   * `unsigned` headers are missing or out of form · `downgraded` signed in another way · `probe` signed wrong on purpose,
   * by WeChat Pay · `stale` more than 5 minutes off · `unknown-key` · `mismatch` other bytes, or another key.
   */
  readonly reason: 'unsigned' | 'downgraded' | 'probe' | 'stale' | 'unknown-key' | 'mismatch';
  readonly text: Text;
}

/** Finds the key that a serial number stands for. */
export type FindKey = (serial: string) => Promise<KeyObject | undefined>;

const disbeliefs: Readonly<Record<Disbelief['reason'], Text>> = {
  unsigned: {
    en: 'the Wechatpay-* headers of the signature are missing or out of form',
    zh: '缺少 Wechatpay-* 签名请求头或格式不对',
  },
  downgraded: {
    en: 'it is signed in another way than WECHATPAY2-SHA256-RSA2048',
    zh: '签名方式不是 WECHATPAY2-SHA256-RSA2048',
  },
  probe: {
    en: 'it is the probe by which WeChat Pay checks that signatures are verified; there is nothing to do',
    zh: '这是微信支付用来检查是否验签的探测请求，无需处理',
  },
  stale: {
    en: "its timestamp is more than 5 minutes off: a replay, or this server's clock is wrong",
    zh: '时间戳相差超过 5 分钟：可能是重放，或服务器时钟不准',
  },
  'unknown-key': {
    en: 'it is signed with a key that is not known here; if WeChat Pay is changing keys, configure the public key and its id',
    zh: '签名所用的密钥未知；若微信支付正在更换密钥，请配置微信支付公钥及公钥 ID',
  },
  mismatch: {
    en: 'the signature does not fit its bytes: forged, changed on the way, or the configured public key is another',
    zh: '签名与内容不符：可能是伪造、途中被修改，或配置的公钥不对',
  },
};

/**
 * Why a message cannot be proved to be from WeChat Pay; undefined when it can. What costs nothing is looked at first, so
 * that a flood of rubbish costs neither a key nor a calculation with it.
 */
export async function disbelieve(
  message: SignedMessage,
  nowMs: number,
  findKey: FindKey,
): Promise<Disbelief | undefined> {
  const signed = readSignature(message);
  if (typeof signed === 'string') return because(signed);
  if (Math.abs(nowMs - Number(signed.timestamp) * SECOND) > MAX_AGE) return because('stale');
  const key = await findKey(signed.serial);
  if (key === undefined) return because('unknown-key');
  const text = messageText(signed.timestamp, signed.nonce, message.body);
  return verify('sha256', text, key, signed.signature) ? undefined : because('mismatch');
}

interface MessageSignature {
  readonly timestamp: string;
  readonly nonce: string;
  readonly serial: string;
  readonly signature: Buffer;
}

/** Reads the headers of a signature, or says what is wrong with them. */
function readSignature({ header }: SignedMessage): MessageSignature | Disbelief['reason'] {
  const timestamp = header('wechatpay-timestamp') ?? '';
  const nonce = header('wechatpay-nonce') ?? '';
  const serial = header('wechatpay-serial') ?? '';
  const signature = header('wechatpay-signature') ?? '';
  // Older messages do not name it, which leaves the one way there is.
  if ((header('wechatpay-signature-type') ?? SIGNATURE_TYPE) !== SIGNATURE_TYPE) return 'downgraded';
  if (signature.startsWith(PROBE)) return 'probe';
  if (!/^\d{1,12}$/.test(timestamp) || !/^[\x21-\x7e]{1,128}$/.test(nonce)) return 'unsigned';
  if (!/^\w{1,128}$/.test(serial) || signature === '' || signature.length > MAX_SIGNATURE_LENGTH) {
    return 'unsigned';
  }
  const bytes = Buffer.from(signature, 'base64');
  // Node skips what is no base64 and ignores spare bits: one signature would have many spellings.
  return bytes.toString('base64') === signature ? { timestamp, nonce, serial, signature: bytes } : 'unsigned';
}

/** What a message's signature covers: timestamp, nonce and the bytes of its body, each with its LF. */
export function messageText(timestamp: string, nonce: string, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')]);
}

function because(reason: Disbelief['reason']): Disbelief {
  return { reason, text: disbeliefs[reason] };
}

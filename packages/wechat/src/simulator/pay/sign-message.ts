import { type KeyObject, randomBytes } from 'node:crypto';
import { signBase64, signedText } from './pay-keyring.ts';

export const SIGNATURE_TYPE = 'WECHATPAY2-SHA256-RSA2048';

interface MessageSignature {
  readonly serial: string;
  readonly key: KeyObject;
  /** Ms since the epoch: what WeChat says the time is. */
  readonly atMs: number;
}

/** The headers under which WeChat sends a body: answers and notifications alike. */
export function signMessage(body: Uint8Array | string, { serial, key, atMs }: MessageSignature) {
  const timestamp = String(Math.floor(atMs / 1000));
  const nonce = randomBytes(16).toString('hex');
  return {
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-signature': signBase64(signedText(timestamp, nonce, body), key, 'RSA-SHA256'),
    'wechatpay-serial': serial,
    'wechatpay-signature-type': SIGNATURE_TYPE,
  };
}

/** A Request-ID in WeChat's shape. @param fault the number of what went wrong; 0 for nothing. */
export function createRequestId(fault: number): string {
  return `08${randomBytes(19).toString('hex').toUpperCase()}-${fault}`;
}

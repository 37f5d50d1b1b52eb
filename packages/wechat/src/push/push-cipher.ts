import { createCipheriv, createDecipheriv } from 'node:crypto';
import { pushErrors } from './push-errors.ts';

const ALGORITHM = 'aes-256-cbc';
// WeChat pads to blocks of 32 bytes, though those of AES have 16: Node's own padding would refuse most of it.
const PADDED_BLOCK = 32;
const AES_BLOCK = 16;
/** In front of each message, so that equal ones do not look alike. */
export const RANDOM_BYTES = 16;
const LENGTH_BYTES = 4;
const HEAD = RANDOM_BYTES + LENGTH_BYTES;

/** Encrypts and decrypts what WeChat pushes: AES-256-CBC over 16 random bytes, a length, the message and the AppID. */
export class PushCipher {
  readonly #appId: string;
  readonly #key: Buffer;

  /** @throws TypeError when the EncodingAESKey is not 43 characters of base64. */
  constructor(appId: string, encodingAesKey: string) {
    if (!/^[A-Za-z0-9+/]{43}$/.test(encodingAesKey)) {
      throw new TypeError('encodingAesKey must be the 43 characters of WeChat’s console');
    }
    this.#appId = appId;
    this.#key = Buffer.from(`${encodingAesKey}=`, 'base64');
  }

  /** @param random 16 bytes that nobody can guess. */
  encrypt(message: string, random: Uint8Array): string {
    const content = Buffer.from(message, 'utf8');
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(content.length);
    const plain = Buffer.concat([random, length, content, Buffer.from(this.#appId, 'utf8')]);
    const pad = PADDED_BLOCK - (plain.length % PADDED_BLOCK);
    const cipher = createCipheriv(ALGORITHM, this.#key, this.#iv()).setAutoPadding(false);
    return (
      cipher.update(Buffer.concat([plain, Buffer.alloc(pad, pad)]), undefined, 'base64') +
      cipher.final('base64')
    );
  }

  /**
   * The bytes of a message. Only after its signature was found right: a fault then means another key, not a forger.
   * @throws CodedError `WECHAT_PUSH_KEY_WRONG`, `WECHAT_PUSH_APPID_MISMATCH`
   */
  decrypt(encrypted: string): Buffer {
    const bytes = Buffer.from(encrypted, 'base64');
    if (bytes.length === 0 || bytes.length % AES_BLOCK !== 0) throw pushErrors.WECHAT_PUSH_KEY_WRONG();
    const decipher = createDecipheriv(ALGORITHM, this.#key, this.#iv()).setAutoPadding(false);
    const plain = withoutPadding(Buffer.concat([decipher.update(bytes), decipher.final()]));
    if (plain.length < HEAD) throw pushErrors.WECHAT_PUSH_KEY_WRONG();
    const end = HEAD + plain.readUInt32BE(RANDOM_BYTES);
    if (end > plain.length) throw pushErrors.WECHAT_PUSH_KEY_WRONG();
    if (plain.toString('utf8', end) !== this.#appId) throw pushErrors.WECHAT_PUSH_APPID_MISMATCH();
    return plain.subarray(HEAD, end);
  }

  #iv(): Buffer {
    return this.#key.subarray(0, AES_BLOCK);
  }
}

function withoutPadding(padded: Buffer): Buffer {
  const pad = padded.at(-1) ?? 0;
  const end = padded.length - pad;
  const whole =
    pad >= 1 && pad <= PADDED_BLOCK && end >= 0 && padded.subarray(end).every((byte) => byte === pad);
  if (!whole) throw pushErrors.WECHAT_PUSH_KEY_WRONG();
  return padded.subarray(0, end);
}

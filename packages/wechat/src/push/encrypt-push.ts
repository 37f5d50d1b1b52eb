import { randomBytes } from 'node:crypto';
import { PushCipher, RANDOM_BYTES } from './push-cipher.ts';
import type { PushAccount } from './push-message.ts';
import { signPush } from './push-signature.ts';

/** A message in the form that safe mode demands of both sides. */
export interface SealedPush {
  /** Base64. */
  readonly encrypt: string;
  readonly msgSignature: string;
  /** Seconds since the epoch, as text. */
  readonly timestamp: string;
  readonly nonce: string;
}

interface SealOptions {
  readonly timestamp: string;
  readonly nonce: string;
  /** 16 bytes; random ones unless told. */
  readonly random?: Uint8Array;
}

/**
 * Encrypts and signs a message, JSON or XML, as WeChat does with pushes and expects of answers.
 * @throws TypeError when the account has no EncodingAESKey, or one that cannot be right.
 */
export function encryptPush(account: PushAccount, message: string, options: SealOptions): SealedPush {
  const { timestamp, nonce, random = randomBytes(RANDOM_BYTES) } = options;
  const cipher = new PushCipher(account.appId, account.encodingAesKey ?? '');
  const encrypt = cipher.encrypt(message, random);
  return { encrypt, msgSignature: signPush(account.token, timestamp, nonce, encrypt), timestamp, nonce };
}

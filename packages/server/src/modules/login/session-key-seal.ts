import { createCipheriv, randomBytes } from 'node:crypto';

const IV_BYTES = 12;

/**
 * Encrypts a WeChat session key for the database with AES-256-GCM, bound to its owner so that rows cannot be swapped.
 * @returns base64 of IV (12 bytes), tag (16 bytes) and ciphertext.
 */
export function sealSessionKey(sessionKey: string, owner: string, key: Buffer): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([cipher.update(sessionKey, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

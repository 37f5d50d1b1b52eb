import { createCipheriv, randomBytes } from 'node:crypto';

/** Something that only the merchant can read. */
interface SealedResource {
  readonly algorithm: 'AEAD_AES_256_GCM';
  /** Base64: what was encrypted, then the tag of 16 bytes. */
  readonly ciphertext: string;
  readonly associated_data: string;
  /** 12 characters. */
  readonly nonce: string;
}

/** Encrypts with the APIv3 key, as notifications and certificates are. */
export function sealResource(apiV3Key: string, plain: string, associatedData: string): SealedResource {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', apiV3Key, nonce).setAAD(Buffer.from(associatedData));
  const encrypted = [cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()];
  return {
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: Buffer.concat(encrypted).toString('base64'),
    associated_data: associatedData,
    nonce,
  };
}

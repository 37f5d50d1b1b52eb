import { createDecipheriv, type KeyObject } from 'node:crypto';

/** The only way of encrypting that is accepted. */
const RESOURCE_ALGORITHM = 'AEAD_AES_256_GCM';

const TAG_BYTES = 16;

/** Something that WeChat Pay encrypted with the APIv3 key. */
interface EncryptedResource {
  /** Base64; its last 16 bytes are the tag. */
  readonly ciphertext: string;
  /** 12 characters. */
  readonly nonce: string;
  /** May be empty. */
  readonly associatedData: string;
}

/**
 * Reads an encrypted resource from a message.
 * @returns undefined when a field is missing or it is encrypted in another way than AEAD_AES_256_GCM.
 */
export function readResource(value: unknown): EncryptedResource | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const {
    algorithm,
    ciphertext,
    nonce,
    associated_data: associatedData = '',
  } = value as Record<string, unknown>;
  if (algorithm !== RESOURCE_ALGORITHM) return undefined;
  if (typeof ciphertext !== 'string' || typeof nonce !== 'string') return undefined;
  if (associatedData !== null && typeof associatedData !== 'string') return undefined;
  return { ciphertext, nonce, associatedData: associatedData ?? '' };
}

/** Opens it (AES-256-GCM); undefined when the key is another or a byte was changed. */
export function openResource(resource: EncryptedResource, apiV3Key: KeyObject): string | undefined {
  const bytes = Buffer.from(resource.ciphertext, 'base64');
  if (bytes.length < TAG_BYTES) return undefined;
  try {
    const nonce = Buffer.from(resource.nonce, 'utf8');
    const decipher = createDecipheriv('aes-256-gcm', apiV3Key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    decipher.setAAD(Buffer.from(resource.associatedData, 'utf8'));
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

import { hash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@maque/kit';
import { decryptOpenData, type OpenData, type SealedData } from './decrypt-open-data.ts';

/** Data that the client got from WeChat in the open, with a signature. */
export interface SignedData {
  /** The user's, base64 as WeChat gave it. */
  readonly sessionKey: string;
  /** Exactly as it came: another order of its fields is another text. */
  readonly rawData: string;
  readonly signature: string;
}

/** What a client brings from WeChat about its user. Nothing here asks WeChat; promises, because what it needs is loaded when it is used. */
export interface OpenDataReader {
  /** See {@link decryptOpenData}. */
  decrypt(sealed: SealedData): Promise<OpenData>;
  /** Whether the text is what WeChat gave to this user's client. */
  verify(signed: SignedData): Promise<boolean>;
}

export function createOpenData(appId: string, clock: Clock): OpenDataReader {
  return {
    decrypt: async (sealed) => decryptOpenData(sealed, appId, clock.now()),
    verify: async (signed) => verifySignedData(signed),
  };
}

/** WeChat signs with SHA-1 of the text and the session key one after the other, the key as the base64 text that it is. */
function verifySignedData({ sessionKey, rawData, signature }: SignedData): boolean {
  if (typeof signature !== 'string' || !/^[0-9a-f]{40}$/.test(signature)) return false;
  const expected = hash('sha1', rawData + sessionKey, 'buffer');
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'));
}

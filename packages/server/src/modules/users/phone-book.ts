import { createHmac } from 'node:crypto';
import { derivedKey, openSealedText, sealText } from '../../config/sealed-text.ts';

/**
 * Phone numbers as the database holds them: encrypted, bound to their user, and beside it a keyed hash to find them by.
 * Without the key a hash of eleven digits is guessed in minutes.
 */
export class PhoneBook {
  readonly #sealKey: Buffer;
  readonly #hashKey: Buffer;

  /** @param key 32 random bytes of the installation's, which other keys are derived from too. */
  constructor(key: Buffer) {
    this.#sealKey = derivedKey(key, 'phone numbers');
    this.#hashKey = derivedKey(key, 'phone hashes');
  }

  seal(phone: string, userId: string): { readonly sealed: string; readonly hash: string } {
    return { sealed: sealText(phone, userId, this.#sealKey), hash: this.hash(phone) };
  }

  /** Null for none, and for one that was sealed with secrets which are lost: its user gives it again. */
  open(sealed: string | null, userId: string): string | null {
    return sealed === null ? null : (openSealedText(sealed, userId, this.#sealKey) ?? null);
  }

  hash(phone: string): string {
    return createHmac('sha256', this.#hashKey).update(phone).digest('base64url');
  }
}

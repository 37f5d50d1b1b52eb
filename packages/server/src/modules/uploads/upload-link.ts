import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { type Clock, HOUR, type Milliseconds, SECOND } from '@maque/kit';
import { uploadAddress } from './upload-address.ts';

/** Links of the same hour are the same, so that phones know the file again. They open for two: each is good for one at least. */
const WINDOW: Milliseconds = HOUR;
// A signature of 256 bits; nobody tries all of half of them either.
const SIGNATURE_BYTES = 16;
const KEY_BYTES = 32;

/** What a link says beside the address of the file, as it came: anything. */
export interface LinkQuery {
  /** Seconds since the epoch. */
  readonly expires: unknown;
  readonly signature: unknown;
}

export interface SignedLink {
  /** A path, as the address of a public file is one. */
  readonly url: string;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** Signs addresses of private files: whoever holds one loads the file until it ends (HMAC-SHA256, 128 bits of it). */
export class UploadLinks {
  readonly #key: Uint8Array;
  readonly #clock: Clock;

  /** @param secret of at least 32 bytes, the same in every worker; what it signs elsewhere is of no use here. */
  constructor(secret: Uint8Array, clock: Clock) {
    this.#key = new Uint8Array(hkdfSync('sha256', secret, '', 'maque upload links', KEY_BYTES));
    this.#clock = clock;
  }

  sign(id: string): SignedLink {
    const now = this.#clock.now();
    const expiresAtMs = now - (now % WINDOW) + 2 * WINDOW;
    const expires = String(expiresAtMs / SECOND);
    const query = new URLSearchParams({
      expires,
      signature: this.#signature(id, expires).toString('base64url'),
    });
    return { url: `${uploadAddress(id)}?${query}`, expiresAtMs };
  }

  /** When a link ends, in milliseconds since the epoch; undefined for one that has ended, or that is none of ours. */
  endOf(id: string, { expires, signature }: LinkQuery): number | undefined {
    if (typeof expires !== 'string' || typeof signature !== 'string') return undefined;
    const given = Buffer.from(signature, 'base64url');
    const wanted = this.#signature(id, expires);
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
    const endMs = Number(expires) * SECOND;
    return endMs > this.#clock.now() ? endMs : undefined;
  }

  #signature(id: string, expires: string): Buffer {
    return createHmac('sha256', this.#key).update(`${id} ${expires}`).digest().subarray(0, SIGNATURE_BYTES);
  }
}

import { createHmac, timingSafeEqual } from 'node:crypto';
import { errors } from '@maque/contract';
import type { SqlValue } from '../../ports/database.ts';
import type { Position } from '../records/list-order.ts';

// 128 of the 256 bits: forging one takes 2^128 tries on a server that answers each with an error.
const SIGNATURE_BYTES = 16;
// Four fields of a sort with texts of 768 Chinese characters are 12,500 as base64; addresses may have 16 KiB.
const MAX_LENGTH = 13_000;

/** Signs places in lists, so that a client can hand them back and cannot make them up or use them elsewhere. */
export class CursorSigner {
  readonly #key: Uint8Array;

  /** @param key of at least 32 bytes, secret and the same in every worker. */
  constructor(key: Uint8Array) {
    if (key.byteLength < 32) throw new RangeError('a cursor key has at least 32 bytes');
    this.#key = key;
  }

  /** @param list what the cursor belongs to: collection, sort and filter. The place itself is no secret. */
  sign(list: string, position: Position): string {
    const payload = Buffer.from(JSON.stringify(position));
    return Buffer.concat([this.#mac(list, payload), payload]).toString('base64url');
  }

  /** @throws CodedError CURSOR_INVALID when it was changed, made by somebody else or for another list. */
  open(list: string, cursor: string): Position {
    if (cursor.length > MAX_LENGTH || !/^[A-Za-z0-9_-]+$/.test(cursor)) throw errors.CURSOR_INVALID();
    const bytes = Buffer.from(cursor, 'base64url');
    const payload = bytes.subarray(SIGNATURE_BYTES);
    if (
      bytes.length <= SIGNATURE_BYTES ||
      !timingSafeEqual(bytes.subarray(0, SIGNATURE_BYTES), this.#mac(list, payload))
    ) {
      throw errors.CURSOR_INVALID();
    }
    return JSON.parse(payload.toString()) as SqlValue[];
  }

  #mac(list: string, payload: Uint8Array): Buffer {
    // The length keeps list and payload apart, so that no byte can move from one to the other.
    return createHmac('sha256', this.#key)
      .update(`${Buffer.byteLength(list)}:${list}`)
      .update(payload)
      .digest()
      .subarray(0, SIGNATURE_BYTES);
  }
}

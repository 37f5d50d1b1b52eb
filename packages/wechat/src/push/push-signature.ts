import { hash, timingSafeEqual } from 'node:crypto';

/**
 * WeChat's signature of a push: SHA-1 over the token and the other parts, sorted and joined. For the URL check and plain
 * messages the parts are timestamp and nonce; with encryption the ciphertext joins them.
 */
export function signPush(token: string, ...parts: readonly string[]): string {
  return hash('sha1', [token, ...parts].sort().join(''), 'hex');
}

/** Compares two signatures of 40 hex digits in constant time. */
export function signatureMatches(expected: string, found: string): boolean {
  return timingSafeEqual(Buffer.from(expected, 'hex'), Buffer.from(found, 'hex'));
}

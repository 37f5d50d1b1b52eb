import { createHmac } from 'node:crypto';
import { type Milliseconds, SECOND } from '@maque/kit';
import { base32Of } from './base32.ts';

/** The only period and length that every authenticator knows (RFC 6238 §5.2 recommends 30 s). */
const STEP_MS: Milliseconds = 30 * SECOND;
const DIGITS = 6;
/** Phones are off by some seconds, and typing takes some: one step to either side (RFC 6238 §5.2). */
const STEPS_ASIDE = 1;

/** The six digits of one step (RFC 4226 §5.3, with HMAC-SHA-1, the only hash that every authenticator knows). */
export function totpOf(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', secret).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 15;
  const number = hash.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

/**
 * The step that a code belongs to; undefined when it is none of now.
 * @param afterStep of the last code that was taken: no code works twice (RFC 6238 §5.2).
 */
export function stepOfCode(
  secret: Uint8Array,
  code: string,
  nowMs: number,
  afterStep: number,
): number | undefined {
  const now = Math.floor(nowMs / STEP_MS);
  for (let step = now - STEPS_ASIDE; step <= now + STEPS_ASIDE; step += 1) {
    // Three comparisons in plain time: how far a guess of six digits agrees tells nothing of the next code.
    if (step > afterStep && totpOf(secret, step) === code) return step;
  }
  return undefined;
}

/** What an authenticator scans: https://github.com/google/google-authenticator/wiki/Key-Uri-Format. */
export function totpAddress(secret: Uint8Array, account: string): string {
  const label = `Maque:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${base32Of(secret)}&issuer=Maque`;
}

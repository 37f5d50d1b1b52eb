import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Says what it is to whoever finds one in a file: `mq_<id>_<secret>`. */
const PREFIX = 'mq_';
const FORM = /^mq_([0-9a-z]{20})_([\w-]{43})$/;
const SECRET_BYTES = 32;

/** A new key. 256 random bits need no slow hash: there is nothing to guess. */
export function newApiKey(id: string): { readonly key: string; readonly hash: string } {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { key: `${PREFIX}${id}_${secret}`, hash: hashOf(secret) };
}

export function looksLikeApiKey(token: string): boolean {
  return token.startsWith(PREFIX);
}

/** Id and secret of a key; undefined when it is none. */
export function readApiKey(key: string): { readonly id: string; readonly secret: string } | undefined {
  const [, id, secret] = FORM.exec(key) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** Compares in a time that does not tell how much is right. */
export function isSecretOf(hash: string, secret: string): boolean {
  const [stored, given] = [Buffer.from(hash), Buffer.from(hashOf(secret))];
  return stored.length === given.length && timingSafeEqual(stored, given);
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

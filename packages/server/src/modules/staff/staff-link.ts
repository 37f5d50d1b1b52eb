import { createHash, randomBytes } from 'node:crypto';

/** The token of a new one-time link: the address is `/_/#link=<token>`. */
export function newLinkToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What the database keeps of it. 256 random bits need no slow hash: there is nothing to guess. */
export function hashLink(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

import { randomBytes, randomInt } from 'node:crypto';
import { MINUTE, SECOND } from '@maque/kit';
import { composePush, type PushAccount, type PushFields } from '../../push/index.ts';
import { signPush } from '../../push/push-signature.ts';
import type { Forgery } from './forgeries.ts';
import type { ResolvedPushTarget } from './push-target.ts';

/** A request to a server. */
export interface SealedPush {
  readonly url: string;
  readonly contentType: string;
  readonly body: string;
}

const STALE_MS = 6 * MINUTE;

/**
 * Signs a message, and encrypts it where the mode says so, with a fresh nonce.
 * @param toldMs what WeChat's clock says.
 */
export function sealPush(
  target: ResolvedPushTarget,
  appId: string,
  fields: PushFields,
  toldMs: number,
  forgery: Forgery | null,
): SealedPush {
  const { query, contentType, body } = composePush(accountOf(target, appId, forgery), {
    fields,
    mode: forgery === 'plain' ? 'plain' : target.mode,
    format: target.format,
    timestamp: Math.floor((toldMs - (forgery === 'old' ? STALE_MS : 0)) / SECOND),
    nonce: String(randomInt(2 ** 31)),
  });
  return {
    url: withQuery(target.url, query),
    contentType,
    body: forgery === 'body' ? withOtherCharacter(body) : body,
  };
}

/** The request of the URL check, and what must come back. */
export function sealUrlCheck({ url, token }: ResolvedPushTarget, toldMs: number) {
  const timestamp = String(Math.floor(toldMs / SECOND));
  const nonce = String(randomInt(2 ** 31));
  const echo = String(randomInt(2 ** 47));
  const signature = signPush(token, timestamp, nonce);
  return { url: withQuery(url, { signature, timestamp, nonce, echostr: echo }), echo };
}

/** 43 letters and digits, as WeChat's console makes them. */
export function createEncodingAesKey(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: 43 }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** The account that a push is signed and encrypted as: another one for some forgeries. */
function accountOf(target: ResolvedPushTarget, appId: string, forgery: Forgery | null): PushAccount {
  const { token, encodingAesKey } = target;
  return {
    appId: forgery === 'app-id' ? 'wx0000000000000000' : appId,
    token: forgery === 'signature' ? randomBytes(16).toString('hex') : token,
    ...(encodingAesKey === undefined
      ? {}
      : { encodingAesKey: forgery === 'key' ? createEncodingAesKey() : encodingAesKey }),
  };
}

function withQuery(address: string, query: Readonly<Record<string, string>>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

/** Another letter in the middle, which is ciphertext where there is any. */
function withOtherCharacter(body: string): string {
  const at = Math.floor(body.length / 2);
  return body.slice(0, at) + (body[at] === 'A' ? 'B' : 'A') + body.slice(at + 1);
}

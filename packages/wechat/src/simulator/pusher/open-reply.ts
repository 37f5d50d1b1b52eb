import { PushCipher } from '../../push/push-cipher.ts';
import { signPush } from '../../push/push-signature.ts';
import { beginningOf } from '../own-text.ts';
import type { ResolvedPushTarget } from './push-target.ts';

// What somebody reads on the page; the longest texts to users are four times as long.
const MAX_CHARACTERS = 512;

/** What a server answered, decrypted if it was encrypted; what cannot be opened says so. */
export function openReply(text: string, target: ResolvedPushTarget, appId: string): string {
  const encrypted = field(text, 'Encrypt');
  if (encrypted === undefined || target.encodingAesKey === undefined) {
    return beginningOf(text, MAX_CHARACTERS);
  }
  const [timestamp, nonce] = [field(text, 'TimeStamp') ?? '', field(text, 'Nonce') ?? ''];
  const expected = signPush(target.token, timestamp, nonce, encrypted);
  // A server of the developer's own, on loopback: nobody learns a signature from how long this takes.
  if (field(text, 'MsgSignature') !== expected) return '(encrypted, wrong signature)';
  try {
    const plain = new PushCipher(appId, target.encodingAesKey).decrypt(encrypted);
    return beginningOf(plain.toString('utf8'), MAX_CHARACTERS);
  } catch {
    return '(encrypted with another key or for another account)';
  }
}

/** A field of an encrypted reply, be it JSON or XML: their four values need no escapes. */
function field(text: string, name: string): string | undefined {
  const found = text.trimStart().startsWith('<')
    ? new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^<\\]]*)`).exec(text)
    : new RegExp(`"${name}"\\s*:\\s*"?([^",}]*)`).exec(text);
  return found?.[1];
}

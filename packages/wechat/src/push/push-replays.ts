import { hash } from 'node:crypto';
import { RecentMap } from '@maque/kit';
import { pushErrors } from './push-errors.ts';

// Signatures are good for ten minutes, so 13 pushes a second are remembered whole: more than some 10,000 users a day cause.
// 1.5 MiB when full. Beyond it the oldest are forgotten, and repetitions of them are told by the message's key.
const REMEMBERED = 8_192;

/** What signatures were used for. That of a plain push does not cover the message: one overheard could carry any other. */
export class PushReplays {
  readonly #bodies = new RecentMap<string, string>(REMEMBERED);

  /** @throws CodedError `WECHAT_PUSH_REPEATED` for the same body again, `WECHAT_PUSH_REPLAYED` for another. */
  claim(signature: string, body: Uint8Array): void {
    const digest = hash('sha256', body, 'base64url');
    const known = this.#bodies.get(signature);
    if (known === digest) throw pushErrors.WECHAT_PUSH_REPEATED();
    if (known !== undefined) throw pushErrors.WECHAT_PUSH_REPLAYED();
    this.#bodies.set(signature, digest);
  }

  /** The signature may be used once more. */
  release(signature: string): void {
    this.#bodies.delete(signature);
  }
}

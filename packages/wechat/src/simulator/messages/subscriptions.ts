import { BoundedMap } from '../bounded-map.ts';

// Two for each of a thousand users; 0.4 MiB when full. Who is forgotten must agree again.
const MAX_RIGHTS = 2_000;

// WeChat publishes no end to it; nobody taps that often.
const MOST_OF_ONE = 10_000;

interface Right {
  readonly openid: string;
  readonly templateId: string;
  readonly left: number;
}

/** How many messages each user has agreed to get, by template. */
export class Subscriptions {
  readonly #rights = new BoundedMap<Right>(MAX_RIGHTS);

  /** The user agreed once: one message more. */
  accept(openid: string, templateId: string): void {
    const left = Math.min(MOST_OF_ONE, this.left(openid, templateId) + 1);
    this.#rights.set(keyOf(openid, templateId), { openid, templateId, left });
  }

  /** The user wants none any more. */
  refuse(openid: string, templateId: string): void {
    this.#rights.set(keyOf(openid, templateId), { openid, templateId, left: 0 });
  }

  /** Uses one up, if there is one. */
  take(openid: string, templateId: string): boolean {
    const left = this.left(openid, templateId);
    if (left < 1) return false;
    this.#rights.set(keyOf(openid, templateId), { openid, templateId, left: left - 1 });
    return true;
  }

  left(openid: string, templateId: string): number {
    return this.#rights.get(keyOf(openid, templateId))?.left ?? 0;
  }

  /** The last changed first. */
  list(): Right[] {
    return this.#rights.newestFirst();
  }
}

function keyOf(openid: string, templateId: string): string {
  return `${openid} ${templateId}`;
}

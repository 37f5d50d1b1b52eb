import { randomBytes } from 'node:crypto';
import { type Clock, MINUTE, type Milliseconds } from '@maque/kit';
import { BoundedMap } from './bounded-map.ts';
import { Refusal } from './refusal.ts';

const LIFETIME: Milliseconds = 5 * MINUTE;

// Twice the codes of a busy test within their 5 minutes; a forgotten one is an invalid one.
const MAX_CODES = 2_000;

/** A code is for logging in or for the phone number; WeChat does not take one for the other. */
export type CodePurpose = 'login' | 'phone';

interface IssuedCode {
  readonly user: string;
  readonly purpose: CodePurpose;
  readonly endsAtMs: Milliseconds;
  used: boolean;
}

// These stand for wx.login and the phone button on a laptop without WeChat, so they may be used again and again.
const DEMO_CODES: Readonly<Record<CodePurpose, RegExp>> = {
  login: /^(demo-[\w-]{1,64})$/,
  phone: /^phone-(demo-[\w-]{1,64})$/,
};

/** The codes that clients get from WeChat and servers trade in: single use, 5 minutes. */
export class Codes {
  readonly #codes = new BoundedMap<IssuedCode>(MAX_CODES);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A new code for a user. */
  issue(user: string, purpose: CodePurpose): string {
    const code = randomBytes(purpose === 'login' ? 16 : 32).toString('hex');
    this.#codes.set(code, { user, purpose, endsAtMs: this.#clock.monotonic() + LIFETIME, used: false });
    return code;
  }

  /** Whose code it is, and uses it up. @throws Refusal 40029, or 40163 for a login code that was used before. */
  redeem(code: string, purpose: CodePurpose): string {
    const demoUser = DEMO_CODES[purpose].exec(code)?.[1];
    if (demoUser !== undefined) return demoUser;
    const issued = this.#codes.get(code);
    if (issued === undefined || issued.purpose !== purpose) throw new Refusal(40029);
    if (issued.used) throw new Refusal(purpose === 'login' ? 40163 : 40029);
    if (this.#clock.monotonic() >= issued.endsAtMs) throw new Refusal(40029);
    issued.used = true;
    return issued.user;
  }
}

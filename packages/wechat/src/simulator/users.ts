import { hash, randomBytes } from 'node:crypto';
import type { Milliseconds } from '@maque/kit';
import { BoundedMap } from './bounded-map.ts';
import type { SimulatorClock } from './movable-clock.ts';

// demo-1 to demo-20 count as people who have opened the mini-program when the simulator starts: a server that was logged
// in with them before keeps their openids, and the simulator knows nobody from earlier.
const DEMO_USERS = 20;

/** A user of the simulated WeChat, as tests and the page may see one. */
export interface SimulatorUser {
  /** What stands for the person here: `demo-1`. */
  readonly name: string;
  readonly openid: string;
  readonly unionid?: string;
  readonly phoneNumber: string;
  readonly logins: number;
  /** ISO 8601, UTC; null before the first login. */
  readonly lastLoginAt: string | null;
}

interface UserRecord {
  readonly seen: SimulatorUser;
  /** Empty before the first login. */
  readonly sessionKey: string;
  /** When the mini-program was last opened, by the clock's monotonic time; -∞ for never. */
  readonly openedAtMs: Milliseconds;
}

interface UsersOptions {
  readonly appId: string;
  readonly maxUsers: number;
  readonly unionIds: boolean;
  /** The share of logins that replace the session key, 0 to 1. */
  readonly sessionKeyRotation: number;
  readonly clock: SimulatorClock;
  readonly random: () => number;
}

/** The people who use the mini-program. Who is forgotten comes back with the same openid, but must log in again. */
export class Users {
  readonly #records: BoundedMap<UserRecord>;
  readonly #demos = new Map<string, UserRecord>();
  readonly #options: UsersOptions;

  constructor(options: UsersOptions) {
    this.#records = new BoundedMap(options.maxUsers);
    this.#options = options;
    const openedAtMs = options.clock.monotonic();
    for (let number = 1; number <= DEMO_USERS; number += 1) {
      const record = { ...this.#strangerOf(`demo-${number}`), openedAtMs };
      this.#demos.set(record.seen.openid, record);
    }
  }

  /** Logs a user in; answers with the session key that counts from now on. */
  login(name: string): { readonly user: SimulatorUser; readonly sessionKey: string } {
    const { seen, sessionKey } = this.#recordOf(name);
    const rotate = sessionKey === '' || this.#options.random() < this.#options.sessionKeyRotation;
    const user = {
      ...seen,
      logins: seen.logins + 1,
      lastLoginAt: new Date(this.#options.clock.told()).toISOString(),
    };
    const openedAtMs = this.#options.clock.monotonic();
    const record = { seen: user, sessionKey: rotate ? createSessionKey() : sessionKey, openedAtMs };
    this.#records.set(user.openid, record);
    return { user, sessionKey: record.sessionKey };
  }

  /** The user of that name, whether known already or not. */
  named(name: string): SimulatorUser {
    return this.#recordOf(name).seen;
  }

  /** The user of that name opens the mini-program, without a login. */
  open(name: string): SimulatorUser {
    const record = { ...this.#recordOf(name), openedAtMs: this.#options.clock.monotonic() };
    this.#records.set(record.seen.openid, record);
    return record.seen;
  }

  /** The user of an openid: whoever has logged in or opened the mini-program, and the demo users. */
  find(openid: string): SimulatorUser | undefined {
    return this.#find(openid)?.seen;
  }

  /** Whether the user has had the mini-program open within that time. */
  hasOpenedWithin(openid: string, ms: Milliseconds): boolean {
    const record = this.#find(openid);
    return record !== undefined && this.#options.clock.monotonic() - record.openedAtMs <= ms;
  }

  /** The session key that counts for an openid; undefined when there is none. */
  sessionKeyOf(openid: string): string | undefined {
    const sessionKey = this.#records.get(openid)?.sessionKey;
    return sessionKey === '' ? undefined : sessionKey;
  }

  /** Replaces the session keys of all users: what was encrypted or signed with them is worth nothing any more. */
  rotateSessionKeys(): void {
    for (const { seen, sessionKey } of this.#records.newestFirst().reverse()) {
      if (sessionKey !== '') this.resetSessionKey(seen.openid);
    }
  }

  /** Replaces the session key of a user who has one. */
  resetSessionKey(openid: string): string {
    const record = this.#records.get(openid);
    const sessionKey = createSessionKey();
    if (record !== undefined) this.#records.set(openid, { ...record, sessionKey });
    return sessionKey;
  }

  list(): SimulatorUser[] {
    return this.#records.newestFirst().map((record) => record.seen);
  }

  #find(openid: string): UserRecord | undefined {
    return this.#records.get(openid) ?? this.#demos.get(openid);
  }

  #recordOf(name: string): UserRecord {
    const stranger = this.#strangerOf(name);
    return this.#find(stranger.seen.openid) ?? stranger;
  }

  #strangerOf(name: string): UserRecord {
    const { appId, unionIds } = this.#options;
    const openid = identityOf(`${appId}\n${name}`);
    const unionid = unionIds ? { unionid: identityOf(`open platform\n${name}`) } : {};
    const phoneNumber = `1380000${numberOf(name)}`;
    const seen = { name, openid, ...unionid, phoneNumber, logins: 0, lastLoginAt: null };
    return { seen, sessionKey: '', openedAtMs: Number.NEGATIVE_INFINITY };
  }
}

/** 28 characters that begin with `o`, as WeChat's openids and unionids do; always the same for the same person. */
function identityOf(who: string): string {
  return `o${hash('sha256', who, 'base64url').slice(0, 27)}`;
}

/** Four digits; always the same for the same name. */
function numberOf(name: string): string {
  const digits = hash('sha256', name, 'buffer').readUInt32BE(0) % 10_000;
  return String(digits).padStart(4, '0');
}

function createSessionKey(): string {
  return randomBytes(16).toString('base64');
}

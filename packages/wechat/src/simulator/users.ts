import { hash, randomBytes } from 'node:crypto';
import type { Clock } from '@maque/kit';
import { BoundedMap } from './bounded-map.ts';

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
}

interface UsersOptions {
  readonly appId: string;
  readonly maxUsers: number;
  readonly unionIds: boolean;
  /** The share of logins that replace the session key, 0 to 1. */
  readonly sessionKeyRotation: number;
  readonly clock: Clock;
  readonly random: () => number;
}

/** The people who use the mini-program. Who is forgotten comes back with the same openid, but must log in again. */
export class Users {
  readonly #records: BoundedMap<UserRecord>;
  readonly #options: UsersOptions;

  constructor(options: UsersOptions) {
    this.#records = new BoundedMap(options.maxUsers);
    this.#options = options;
  }

  /** Logs a user in; answers with the session key that counts from now on. */
  login(name: string): { readonly user: SimulatorUser; readonly sessionKey: string } {
    const { seen, sessionKey } = this.#recordOf(name);
    const rotate = sessionKey === '' || this.#options.random() < this.#options.sessionKeyRotation;
    const user = {
      ...seen,
      logins: seen.logins + 1,
      lastLoginAt: new Date(this.#options.clock.now()).toISOString(),
    };
    const record = { seen: user, sessionKey: rotate ? createSessionKey() : sessionKey };
    this.#records.set(user.openid, record);
    return { user, sessionKey: record.sessionKey };
  }

  /** The user of that name, whether known already or not. */
  named(name: string): SimulatorUser {
    return this.#recordOf(name).seen;
  }

  /** The session key that counts for an openid; undefined when there is none. */
  sessionKeyOf(openid: string): string | undefined {
    return this.#records.get(openid)?.sessionKey;
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

  #recordOf(name: string): UserRecord {
    const { appId, unionIds } = this.#options;
    const openid = identityOf(`${appId}\n${name}`);
    const known = this.#records.get(openid);
    if (known !== undefined) return known;
    const unionid = unionIds ? { unionid: identityOf(`open platform\n${name}`) } : {};
    const phoneNumber = `1380000${numberOf(name)}`;
    return { seen: { name, openid, ...unionid, phoneNumber, logins: 0, lastLoginAt: null }, sessionKey: '' };
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

import {
  type AdminClaimRequest,
  type AdminLoginAnswer,
  type AdminLoginRequest,
  errors,
} from '@maque/contract';
import { type Clock, HOUR, type Milliseconds } from '@maque/kit';
import { type Database, type DatabaseConnection, DuplicateValueError } from '../../ports/index.ts';
import { networkOf } from '../rate-limits/network-of.ts';
import { newRecordId } from '../records/record-id.ts';
import type { SessionOrigin, SessionService } from '../sessions/session-service.ts';
import { deleteSessionsOf } from '../sessions/session-store.ts';
import type { SecondFactor } from '../staff/second-factor.ts';
import { hashLink } from '../staff/staff-link.ts';
import {
  deleteLinksTo,
  deleteStaffLink,
  findStaffLink,
  type StaffLinkRow,
} from '../staff/staff-link-store.ts';
import {
  findMember,
  findMemberByName,
  insertMember,
  resetCredentials,
  type StaffRow,
} from '../staff/staff-store.ts';
import { ADMIN_ROLE } from '../users/role-names.ts';
import { isLinkValid, takeLink } from './admin-link.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { hashPassword, isPassword } from './password.ts';

/** A working day. Whoever may see and steer the server proves it again tomorrow. */
const STAFF_SESSION_MS: Milliseconds = 12 * HOUR;

export interface AdminServiceOptions {
  readonly database: Database;
  readonly sessions: SessionService;
  readonly factor: SecondFactor;
  /** Whether members of staff without an authenticator may do nothing but set one up. */
  readonly demandsTotp: boolean;
  /** Path of the first admin's one-time link. */
  readonly linkPath: string;
  readonly clock: Clock;
}

type Origin = Omit<SessionOrigin, 'appId'>;
type Member = Pick<StaffRow, 'id' | 'name' | 'roles' | 'totpSecret'>;
/** Told who it is about as soon as that is known, whatever comes of it. */
type Note = (member: Pick<StaffRow, 'id' | 'name'>) => void;

/** Who may enter the console. */
export class AdminService {
  readonly #options: AdminServiceOptions;
  readonly #attempts: AttemptLimit;
  /** Apart, so that nobody pushes a member out of it by trying names from many places. */
  readonly #digits: AttemptLimit;

  constructor(options: AdminServiceOptions) {
    this.#options = options;
    this.#attempts = new AttemptLimit(options.clock);
    this.#digits = new AttemptLimit(options.clock);
  }

  /**
   * Makes a member of staff with a one-time link, which works once whoever calls at the same time: the link of the first
   * start makes an admin, an invitation somebody with its roles, and one for a lost password sets that anew.
   * @throws CodedError ADMIN_LINK_INVALID, CONFLICT when the name is taken, TOO_MANY_REQUESTS.
   */
  async claim(request: AdminClaimRequest, origin: Origin, note: Note): Promise<AdminLoginAnswer> {
    const { linkPath, clock, database } = this.#options;
    const keys = [`claim ${placeOf(origin)}`];
    this.#attempts.check(keys);
    const isFirst = isLinkValid(linkPath, request.link, clock.now());
    const invitation = isFirst
      ? undefined
      : await findStaffLink(database, hashLink(request.link), clock.now());
    if (!isFirst && invitation === undefined) {
      this.#attempts.failed(keys);
      throw errors.ADMIN_LINK_INVALID();
    }
    const password = await hashPassword(request.password);
    const account = { name: request.name, password };
    try {
      return invitation === undefined
        ? await this.#claimFirst(request.link, account, origin, note)
        : await database.transaction((transaction) =>
            this.#claimInvitation(transaction, invitation, account, origin, note),
          );
    } catch (error) {
      throw error instanceof DuplicateValueError
        ? errors.CONFLICT({ data: { field: 'name' }, cause: error })
        : error;
    }
  }

  /**
   * @throws CodedError ADMIN_CREDENTIALS_WRONG, the same for a wrong name, a wrong password and one who is shut out;
   * TOTP_REQUIRED, TOTP_WRONG; TOO_MANY_REQUESTS.
   */
  async login(request: AdminLoginRequest, origin: Origin, note: Note): Promise<AdminLoginAnswer> {
    const member = await findMemberByName(this.#options.database, request.name);
    if (member !== undefined) note(member);
    const isWelcome = member?.disabledAt === null;
    await this.prove(isWelcome ? member : undefined, request.name, request, origin);
    return this.#options.database.transaction(async (transaction) => {
      // Hashing takes a tenth of a second, in which the password may be set anew and all sessions ended.
      const current = member && (await findMember(transaction, member.id));
      if (current === undefined || current.password !== member?.password || current.disabledAt !== null) {
        throw errors.ADMIN_CREDENTIALS_WRONG();
      }
      return this.#open(transaction, current, origin);
    });
  }

  /**
   * Has somebody show that they are who they say: with the password, and the authenticator where they have one.
   * @param member undefined when there is none of that name, which takes as long.
   * @throws CodedError as {@link login}.
   */
  async prove(
    member: StaffRow | undefined,
    name: string,
    proof: Pick<AdminLoginRequest, 'password' | 'totp'>,
    origin: Pick<Origin, 'ip'>,
  ): Promise<void> {
    // Names are guessed from one place, passwords of one name from one place; a name from everywhere is not locked,
    // or anybody could lock the admin out.
    const place = placeOf(origin);
    const keys = [`place ${place}`, `name ${place} ${name}`];
    this.#attempts.check(keys);
    if (!(await isPassword(proof.password, member?.password)) || member === undefined) {
      this.#attempts.failed(keys);
      throw errors.ADMIN_CREDENTIALS_WRONG();
    }
    if (member.totpSecret !== null) {
      const { totp } = proof;
      if (typeof totp !== 'string') throw errors.TOTP_REQUIRED();
      await this.withDigits(member.id, () => this.#options.factor.take(member, totp));
    }
    this.#attempts.succeeded(keys);
  }

  /**
   * Does what takes a code. Codes are guessed by who has the password or a session, so a member's are counted together,
   * wherever they come from; and each before it is looked at, or of many at once all would be.
   * @throws CodedError TOO_MANY_REQUESTS, and as `work`.
   */
  async withDigits<T>(id: string, work: () => Promise<T>): Promise<T> {
    this.#digits.check([id]);
    this.#digits.failed([id]);
    const answer = await work();
    this.#digits.succeeded([id]);
    return answer;
  }

  /** The member behind a session. @throws CodedError TOKEN_INVALID when it is gone. */
  async memberOf(id: string): Promise<StaffRow> {
    const member = await findMember(this.#options.database, id);
    if (member === undefined) throw errors.TOKEN_INVALID();
    return member;
  }

  async #claimFirst(
    token: string,
    account: Pick<StaffRow, 'name' | 'password'>,
    origin: Origin,
    note: Note,
  ): Promise<AdminLoginAnswer> {
    const { linkPath, clock, database } = this.#options;
    const link = takeLink(linkPath, token, clock.now());
    if (link === undefined) throw errors.ADMIN_LINK_INVALID();
    try {
      const answer = await database.transaction((transaction) =>
        this.#insert(transaction, { ...account, roles: [ADMIN_ROLE] }, origin, note),
      );
      link.settle();
      return answer;
    } catch (error) {
      link.giveBack();
      throw error;
    }
  }

  async #claimInvitation(
    transaction: DatabaseConnection,
    { id, staffId, roles }: StaffLinkRow,
    account: Pick<StaffRow, 'name' | 'password'>,
    origin: Origin,
    note: Note,
  ): Promise<AdminLoginAnswer> {
    if (!(await deleteStaffLink(transaction, id))) throw errors.ADMIN_LINK_INVALID();
    if (staffId === null) return this.#insert(transaction, { ...account, roles }, origin, note);
    if (!(await resetCredentials(transaction, { ...account, id: staffId }))) {
      throw errors.ADMIN_LINK_INVALID();
    }
    const member = await findMember(transaction, staffId);
    if (member === undefined || member.disabledAt !== null) throw errors.ADMIN_LINK_INVALID();
    note(member);
    // Whoever had the password or the phone is out, and so is who has another such link.
    await deleteLinksTo(transaction, staffId);
    await deleteSessionsOf(transaction, staffId);
    transaction.afterCommit(() => this.#options.sessions.announce());
    return this.#open(transaction, member, origin);
  }

  async #insert(
    transaction: DatabaseConnection,
    account: Pick<StaffRow, 'name' | 'password' | 'roles'>,
    origin: Origin,
    note: Note,
  ): Promise<AdminLoginAnswer> {
    const nowMs = this.#options.clock.now();
    const member = { ...account, id: newRecordId(nowMs), totpSecret: null };
    await insertMember(transaction, member, nowMs);
    note(member);
    return this.#open(transaction, member, origin);
  }

  async #open(connection: DatabaseConnection, member: Member, origin: Origin): Promise<AdminLoginAnswer> {
    const { sessions, demandsTotp } = this.#options;
    const owner = { kind: 'admin', id: member.id } as const;
    const session = await sessions.open(connection, owner, STAFF_SESSION_MS, { ...origin, appId: null });
    return {
      token: session.token,
      expiresAt: new Date(session.expiresAtMs).toISOString(),
      name: member.name,
      roles: member.roles,
      mustSetUpTotp: demandsTotp && member.totpSecret === null,
    };
  }
}

/** An attacker has all addresses of a network; of this box itself, there is only the address. */
function placeOf({ ip }: Pick<Origin, 'ip'>): string {
  return (ip === null ? undefined : networkOf(ip)) ?? String(ip);
}

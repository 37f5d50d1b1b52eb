import {
  type AdminClaimRequest,
  type AdminLoginAnswer,
  type AdminLoginRequest,
  errors,
} from '@maque/contract';
import { type Clock, HOUR, type Milliseconds } from '@maque/kit';
import { type Database, type DatabaseConnection, DuplicateValueError } from '../../ports/index.ts';
import { newRecordId } from '../records/record-id.ts';
import type { SessionOrigin, SessionService } from '../sessions/session-service.ts';
import { deleteSessionsOf } from '../sessions/session-store.ts';
import type { SecondFactor } from '../staff/second-factor.ts';
import { hashLink } from '../staff/staff-link.ts';
import { deleteStaffLink, findStaffLink, type StaffLinkRow } from '../staff/staff-link-store.ts';
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

  constructor(options: AdminServiceOptions) {
    this.#options = options;
    this.#attempts = new AttemptLimit(options.clock);
  }

  /**
   * Makes a member of staff with a one-time link, which works once whoever calls at the same time: the link of the first
   * start makes an admin, an invitation somebody with its roles, and one for a lost password sets that anew.
   * @throws CodedError ADMIN_LINK_INVALID, CONFLICT when the name is taken, TOO_MANY_REQUESTS.
   */
  async claim(request: AdminClaimRequest, origin: Origin, note: Note): Promise<AdminLoginAnswer> {
    const { linkPath, clock, database } = this.#options;
    const keys = [`claim ${origin.ip}`];
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
    if (member === undefined) throw errors.ADMIN_CREDENTIALS_WRONG();
    return this.#options.database.transaction((transaction) => this.#open(transaction, member, origin));
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
    { ip }: Pick<Origin, 'ip'>,
  ): Promise<void> {
    // Names are guessed from one place, passwords of one name from one place; a name from everywhere is not locked,
    // or anybody could lock the admin out. Digits are guessed by who has the password: those are counted together.
    const keys = [`ip ${ip}`, `name ${ip} ${name}`];
    const digits = [`digits ${member?.id}`];
    this.#attempts.check([...keys, ...digits]);
    if (!(await isPassword(proof.password, member?.password)) || member === undefined) {
      this.#attempts.failed(keys);
      throw errors.ADMIN_CREDENTIALS_WRONG();
    }
    if (member.totpSecret !== null) {
      if (typeof proof.totp !== 'string') throw errors.TOTP_REQUIRED();
      await this.#options.factor.take(member, proof.totp).catch((error: unknown) => {
        this.#attempts.failed([...keys, ...digits]);
        throw error;
      });
    }
    this.#attempts.succeeded([...keys, ...digits]);
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
    // Whoever had the password or the phone is out.
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

import { type AdminLoginRequest, errors } from '@maque/contract';
import type { Database } from '../../ports/index.ts';
import type { AdminService } from '../admin/admin-service.ts';
import { hashPassword } from '../admin/password.ts';
import type { SessionService } from '../sessions/session-service.ts';
import { deleteSessionsOf } from '../sessions/session-store.ts';
import type { SecondFactor } from './second-factor.ts';
import { forgetTotp, type StaffRow, updatePassword } from './staff-store.ts';

type Proof = Pick<AdminLoginRequest, 'password' | 'totp'>;
/** The caller: whose session, and from where. */
interface Caller {
  readonly adminId: string;
  readonly sessionId: string;
  readonly ip: string;
}

export interface OwnAccountOptions {
  readonly database: Database;
  readonly admins: AdminService;
  readonly sessions: SessionService;
  readonly factor: SecondFactor;
  readonly demandsTotp: boolean;
}

/** What members of staff do about their own way in. All of it asks for the password again: a session may be left open. */
export class OwnAccount {
  readonly #options: OwnAccountOptions;

  constructor(options: OwnAccountOptions) {
    this.#options = options;
  }

  /** Ends all other sessions of the caller. @throws CodedError as `AdminService.prove`. */
  async changePassword(caller: Caller, proof: Proof, newPassword: string): Promise<void> {
    const { database, sessions } = this.#options;
    const member = await this.#prove(caller, proof);
    const password = await hashPassword(newPassword);
    await database.transaction(async (transaction) => {
      // Set anew by somebody else meanwhile, so that this one is no proof any more.
      if (!(await updatePassword(transaction, member, password))) throw errors.ADMIN_CREDENTIALS_WRONG();
      await deleteSessionsOf(transaction, member.id, caller.sessionId);
      transaction.afterCommit(() => sessions.announce());
    });
  }

  /** @throws CodedError as `AdminService.prove`. */
  async beginTotp(
    caller: Caller,
    proof: Proof,
  ): Promise<{ readonly secret: string; readonly address: string }> {
    return this.#options.factor.begin(await this.#prove(caller, proof));
  }

  /** Answers the recovery codes. @throws CodedError TOTP_NOT_BEGUN, TOTP_WRONG, TOO_MANY_REQUESTS. */
  async confirmTotp(caller: Caller, code: string): Promise<readonly string[]> {
    const { admins, factor, sessions } = this.#options;
    const member = await admins.memberOf(caller.adminId);
    const codes = await admins.withDigits(member.id, () => factor.confirm(member, code));
    // Who had to set one up may do more from now on.
    sessions.announce();
    return codes;
  }

  /** @throws CodedError TOTP_MANDATORY, or as `AdminService.prove`. */
  async removeTotp(caller: Caller, proof: Proof): Promise<void> {
    if (this.#options.demandsTotp) throw errors.TOTP_MANDATORY();
    const member = await this.#prove(caller, proof);
    await forgetTotp(this.#options.database, member.id);
  }

  async #prove(caller: Caller, proof: Proof): Promise<StaffRow> {
    const { admins } = this.#options;
    const member = await admins.memberOf(caller.adminId);
    await admins.prove(member, member.name, proof, caller);
    return member;
  }
}

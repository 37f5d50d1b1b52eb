import {
  type AdminClaimRequest,
  type AdminLoginAnswer,
  type AdminLoginRequest,
  errors,
} from '@maque/contract';
import { type Clock, HOUR, type Milliseconds } from '@maque/kit';
import { type Database, type DatabaseConnection, DuplicateValueError } from '../../ports/index.ts';
import { newRecordId } from '../records/record-id.ts';
import type { SessionService } from '../sessions/session-service.ts';
import { isLinkValid, takeLink } from './admin-link.ts';
import { type AdminRow, findAdmin, insertAdmin } from './admin-store.ts';
import { AttemptLimit } from './attempt-limit.ts';
import { hashPassword, isPassword } from './password.ts';

/** A working day. Whoever may see and steer the server proves it again tomorrow. */
const ADMIN_SESSION_MS: Milliseconds = 12 * HOUR;

export interface AdminServiceOptions {
  readonly database: Database;
  readonly sessions: SessionService;
  /** Path of the one-time link's file. */
  readonly linkPath: string;
  readonly clock: Clock;
}

/** Who may enter the console. */
export class AdminService {
  readonly #options: AdminServiceOptions;
  readonly #attempts: AttemptLimit;

  constructor(options: AdminServiceOptions) {
    this.#options = options;
    this.#attempts = new AttemptLimit(options.clock);
  }

  /**
   * Makes an admin with the one-time link, which works once whoever calls at the same time.
   * @throws CodedError ADMIN_LINK_INVALID, CONFLICT when the name is taken, TOO_MANY_REQUESTS.
   */
  async claim(request: AdminClaimRequest, ip: string): Promise<AdminLoginAnswer> {
    const { linkPath, clock, database } = this.#options;
    const keys = [`claim ${ip}`];
    this.#attempts.check(keys);
    if (!isLinkValid(linkPath, request.link, clock.now())) {
      this.#attempts.failed(keys);
      throw errors.ADMIN_LINK_INVALID();
    }
    const password = await hashPassword(request.password);
    const link = takeLink(linkPath, request.link, clock.now());
    if (link === undefined) throw errors.ADMIN_LINK_INVALID();
    const admin: AdminRow = { id: newRecordId(clock.now()), name: request.name, password };
    try {
      const answer = await database.transaction(async (transaction) => {
        await insertAdmin(transaction, admin, clock.now());
        return this.#open(transaction, admin);
      });
      link.settle();
      return answer;
    } catch (error) {
      link.giveBack();
      throw error instanceof DuplicateValueError
        ? errors.CONFLICT({ data: { field: 'name' }, cause: error })
        : error;
    }
  }

  /** @throws CodedError ADMIN_CREDENTIALS_WRONG, the same for a wrong name and a wrong password; TOO_MANY_REQUESTS. */
  async login(request: AdminLoginRequest, ip: string): Promise<AdminLoginAnswer> {
    // Names are guessed from one place, passwords of one name from one place; a name from everywhere is not locked,
    // or anybody could lock the admin out.
    const keys = [`ip ${ip}`, `name ${ip} ${request.name}`];
    this.#attempts.check(keys);
    const admin = await findAdmin(this.#options.database, request.name);
    if (!(await isPassword(request.password, admin?.password)) || admin === undefined) {
      this.#attempts.failed(keys);
      throw errors.ADMIN_CREDENTIALS_WRONG();
    }
    this.#attempts.succeeded(keys);
    return this.#options.database.transaction((transaction) => this.#open(transaction, admin));
  }

  async #open(connection: DatabaseConnection, admin: AdminRow): Promise<AdminLoginAnswer> {
    const owner = { kind: 'admin', id: admin.id } as const;
    const session = await this.#options.sessions.open(connection, owner, ADMIN_SESSION_MS);
    return {
      token: session.token,
      expiresAt: new Date(session.expiresAtMs).toISOString(),
      name: admin.name,
    };
  }
}

import { errors } from '@maque/contract';
import { type Clock, DAY, type Milliseconds } from '@maque/kit';
import type { Database, DatabaseConnection } from '../../ports/index.ts';
import { newRecordId } from '../records/record-id.ts';
import type { SessionService } from '../sessions/session-service.ts';
import { ADMIN_ROLE, refuseUnknownRoles } from '../users/role-names.ts';
import { hashLink, newLinkToken } from './staff-link.ts';
import {
  deleteExpiredLinks,
  deleteLinksBy,
  deleteLinksTo,
  deleteStaffLink,
  insertStaffLink,
  listStaffLinks,
  type StaffLinkRow,
} from './staff-link-store.ts';
import {
  countMembers,
  deleteMember,
  findMember,
  listMembers,
  type StaffRow,
  updateStanding,
} from './staff-store.ts';

/** A link is sent by chat and opened the same evening or after the weekend. */
const LINK_TTL_MS: Milliseconds = 3 * DAY;
/** More people than a box of this size can serve the work of. */
export const MOST_MEMBERS = 200;
export const MOST_LINKS = 50;

export interface StaffServiceOptions {
  readonly database: Database;
  readonly sessions: SessionService;
  /** Those that the app declares. */
  readonly roles: readonly string[];
  readonly clock: Clock;
}

/** A link that was just made: this is the only time that its token is known. */
export interface NewLink extends StaffLinkRow {
  readonly token: string;
}

/** Who works here: invited, given roles, shut out and let go by admins. */
export class StaffService {
  readonly #options: StaffServiceOptions;

  constructor(options: StaffServiceOptions) {
    this.#options = options;
  }

  members(): Promise<StaffRow[]> {
    return listMembers(this.#options.database);
  }

  /** @throws CodedError NOT_FOUND. */
  async member(id: string): Promise<StaffRow> {
    const member = await findMember(this.#options.database, id);
    if (member === undefined) throw errors.NOT_FOUND();
    return member;
  }

  links(): Promise<StaffLinkRow[]> {
    return listStaffLinks(this.#options.database, this.#options.clock.now());
  }

  /** @throws CodedError VALIDATION_FAILED for roles that are none, LIMIT_REACHED. */
  async invite(roles: readonly string[], byId: string): Promise<NewLink> {
    refuseUnknownRoles(roles, [ADMIN_ROLE, ...this.#options.roles]);
    return this.#options.database.transaction(async (transaction) => {
      if ((await countMembers(transaction)) >= MOST_MEMBERS) {
        throw errors.LIMIT_REACHED({ data: { max: MOST_MEMBERS } });
      }
      return this.#link(transaction, { staffId: null, roles, createdBy: byId });
    });
  }

  /**
   * Makes a link with which somebody who has lost password or phone sets both anew. Until it is taken nothing changes.
   * @throws CodedError NOT_FOUND, LIMIT_REACHED.
   */
  async reset(id: string, byId: string): Promise<NewLink> {
    return this.#options.database.transaction(async (transaction) => {
      if ((await findMember(transaction, id)) === undefined) throw errors.NOT_FOUND();
      return this.#link(transaction, { staffId: id, roles: [], createdBy: byId });
    });
  }

  /** @throws CodedError NOT_FOUND. */
  async withdrawLink(id: string): Promise<void> {
    if (!(await deleteStaffLink(this.#options.database, id))) throw errors.NOT_FOUND();
  }

  /**
   * Gives other roles, or shuts somebody out for as long as `disabled` says. Whoever is shut out is logged out, and the
   * links of whoever is no admin any more are withdrawn: they would be a way back.
   * @throws CodedError NOT_FOUND, VALIDATION_FAILED, LAST_ADMIN.
   */
  async change(
    id: string,
    changes: { readonly roles?: readonly string[]; readonly disabled?: boolean },
  ): Promise<StaffRow> {
    const { database, sessions, clock } = this.#options;
    if (changes.roles !== undefined) {
      refuseUnknownRoles(changes.roles, [ADMIN_ROLE, ...this.#options.roles]);
    }
    const changed = await database.transaction(async (transaction) => {
      const member = await findMember(transaction, id);
      if (member === undefined) throw errors.NOT_FOUND();
      const since = member.disabledAt ?? clock.now();
      const disabledAt = changes.disabled === undefined ? member.disabledAt : changes.disabled ? since : null;
      const after = { ...member, roles: changes.roles ?? member.roles, disabledAt };
      await updateStanding(transaction, id, after);
      await keepAnAdmin(transaction);
      if (!isActiveAdmin(after)) await deleteLinksBy(transaction, id);
      return after;
    });
    if (changed.disabledAt === null) sessions.announce();
    else await sessions.closeAllOf(id);
    return changed;
  }

  /** Takes along all links that lead to this member, or were made by them. @throws CodedError NOT_FOUND, LAST_ADMIN. */
  async remove(id: string): Promise<void> {
    const { database, sessions } = this.#options;
    await database.transaction(async (transaction) => {
      if ((await findMember(transaction, id)) === undefined) throw errors.NOT_FOUND();
      await deleteLinksTo(transaction, id);
      await deleteLinksBy(transaction, id);
      await deleteMember(transaction, id);
      await keepAnAdmin(transaction);
    });
    await sessions.closeAllOf(id);
  }

  async #link(
    transaction: DatabaseConnection,
    link: Pick<StaffLinkRow, 'staffId' | 'roles' | 'createdBy'>,
  ): Promise<NewLink> {
    const nowMs = this.#options.clock.now();
    await deleteExpiredLinks(transaction, nowMs);
    if ((await listStaffLinks(transaction, nowMs)).length >= MOST_LINKS) {
      throw errors.LIMIT_REACHED({ data: { max: MOST_LINKS } });
    }
    const token = newLinkToken();
    const row = { ...link, id: newRecordId(nowMs), expiresAt: nowMs + LINK_TTL_MS };
    await insertStaffLink(transaction, row, hashLink(token));
    return { ...row, token };
  }
}

/** Asked after a change, inside its transaction. @throws CodedError LAST_ADMIN when nobody is left. */
async function keepAnAdmin(transaction: DatabaseConnection): Promise<void> {
  if (!(await listMembers(transaction)).some(isActiveAdmin)) throw errors.LAST_ADMIN();
}

function isActiveAdmin({ roles, disabledAt }: Pick<StaffRow, 'roles' | 'disabledAt'>): boolean {
  return roles.includes(ADMIN_ROLE) && disabledAt === null;
}

import type { DatabaseConnection } from '../../ports/index.ts';
import { rolesOf } from '../users/role-list.ts';

interface StandingRow {
  readonly ownerId: string;
  readonly roles: string | null;
}

const OF_USER =
  'select session.ownerId as ownerId, owner.roles as roles from maque_sessions session join maque_users owner on owner.id = session.ownerId where session.id = ?';
// Shutting somebody out ends their sessions; a login that was under way just then makes one more, which is worth nothing.
const OF_STAFF =
  'select session.ownerId as ownerId, owner.roles as roles, owner.totpSecret as totpSecret from maque_sessions session join maque_admins owner on owner.id = session.ownerId where session.id = ? and owner.disabledAt is null';

/** Whose this session is and what roles they have; undefined when it, or its user, is no more. */
export async function findUserStanding(
  connection: DatabaseConnection,
  sessionId: string,
): Promise<{ readonly ownerId: string; readonly roles: readonly string[] } | undefined> {
  const [row] = await connection.all<StandingRow>({ sql: OF_USER, parameters: [sessionId] });
  return row && { ownerId: row.ownerId, roles: rolesOf(row.roles) };
}

/** The same for a session of a member of staff who has not been shut out. */
export async function findStaffStanding(
  connection: DatabaseConnection,
  sessionId: string,
): Promise<
  { readonly ownerId: string; readonly roles: readonly string[]; readonly hasTotp: boolean } | undefined
> {
  const [row] = await connection.all<StandingRow & { readonly totpSecret: string | null }>({
    sql: OF_STAFF,
    parameters: [sessionId],
  });
  return row && { ownerId: row.ownerId, roles: rolesOf(row.roles), hasTotp: row.totpSecret !== null };
}

import type { Identity } from '../../ports/identity.ts';

/** What rules see of a caller: not who it is, but what kind and which roles. */
export interface Standing {
  readonly kind: Identity['kind'];
  readonly roles: ReadonlySet<string>;
}

const NO_ROLES: ReadonlySet<string> = new Set();

/** @param known the roles that matter; others are left out, so that there are few standings. */
export function standingOf(identity: Identity, known: ReadonlySet<string>): Standing {
  if (isAdmin(identity)) return { kind: 'admin', roles: NO_ROLES };
  const roles = rolesOf(identity).filter((role) => known.has(role));
  return { kind: identity.kind, roles: new Set(roles.toSorted()) };
}

/** Whether every rule but `'nobody'` lets this caller through. */
export function isAdmin(identity: Identity): boolean {
  return identity.kind === 'admin' || (identity.kind === 'machine' && identity.roles.includes('admin'));
}

export function rolesOf(identity: Identity): readonly string[] {
  return 'roles' in identity ? identity.roles : [];
}

/** The user that conditions on the caller are about. */
export function callerIdOf(identity: Identity): string | undefined {
  return identity.kind === 'user' ? identity.userId : undefined;
}

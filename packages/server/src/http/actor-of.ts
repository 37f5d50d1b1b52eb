import type { Actor } from '../define/hooks.ts';
import type { Identity } from '../ports/identity.ts';

/** Whoever makes a request, as an app's own code sees them. */
export function actorOf(identity: Identity): Actor {
  switch (identity.kind) {
    case 'anonymous':
      return { kind: 'anonymous' };
    case 'user':
      return { kind: 'user', id: identity.userId, roles: identity.roles };
    case 'admin':
      return { kind: 'admin', id: identity.adminId, roles: ['admin'] };
    case 'staff':
      return { kind: 'staff', id: identity.adminId, roles: identity.roles };
    case 'machine':
      return { kind: 'machine', id: identity.keyId, roles: identity.roles };
  }
}

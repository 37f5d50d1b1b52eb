import { errors } from '@maque/contract';
import type { Identity } from '../../ports/identity.ts';
import { isAdmin } from '../collections/standing.ts';

/** Who keeps files here. */
export interface Uploader {
  readonly id: string;
  /** Of staff and machines nobody demands that they keep few: an operator has let them in. */
  readonly isBounded: boolean;
}

/** @throws CodedError AUTH_REQUIRED for whoever has not said who they are. */
export function uploaderOf(identity: Identity): Uploader {
  switch (identity.kind) {
    case 'anonymous':
      throw errors.AUTH_REQUIRED();
    case 'user':
      return { id: identity.userId, isBounded: true };
    case 'machine':
      return { id: identity.keyId, isBounded: false };
    default:
      return { id: identity.adminId, isBounded: false };
  }
}

/** Whether files of others are this caller's business, too: members of staff, and machines that are an admin's equal. */
export function isStaff(identity: Identity): boolean {
  return identity.kind === 'staff' || isAdmin(identity);
}

/** Whether a file is of this caller, or their business. */
export function mayManage(identity: Identity, { ownerId }: { readonly ownerId: string }): boolean {
  return identity.kind !== 'anonymous' && (isStaff(identity) || uploaderOf(identity).id === ownerId);
}

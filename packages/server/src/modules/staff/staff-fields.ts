import { field } from '../../define/field-vocabulary.ts';
import { isoTime } from '../records/iso-time.ts';
import { MOST_ROLES, roleField } from '../users/role-names.ts';
import type { StaffLinkRow } from './staff-link-store.ts';
import { MOST_LINKS, MOST_MEMBERS, type NewLink } from './staff-service.ts';
import type { StaffRow } from './staff-store.ts';

const id = field.text({ maxLength: 32 });
const roles = field.list(roleField, { minItems: 1, maxItems: MOST_ROLES });

export const invitationFields = { roles };
export const memberChanges = { roles, disabled: field.bool() };

export const memberFields = {
  id,
  name: field.text({ maxLength: 64 }),
  roles: field.list(roleField, { maxItems: MOST_ROLES }),
  hasTotp: field.bool(),
  disabled: field.bool(),
  createdAt: field.datetime(),
};

const linkFields = {
  id,
  /** The member whose password it sets anew; null for an invitation. */
  staffId: id.optional(),
  roles: field.list(roleField, { maxItems: MOST_ROLES }),
  createdBy: id,
  expiresAt: field.datetime(),
};

/** With what nobody is told again: where the link leads. */
export const newLinkFields = { ...linkFields, path: field.text({ maxLength: 100 }) };

export const staffListFields = {
  members: field.list(field.object(memberFields), { maxItems: MOST_MEMBERS }),
  links: field.list(field.object(linkFields), { maxItems: MOST_LINKS }),
};

export const ownFields = {
  ...memberFields,
  mustSetUpTotp: field.bool(),
  recoveryCodesLeft: field.int({ min: 0 }),
};

export function memberView({ id, name, roles, totpSecret, disabledAt, createdAt }: StaffRow) {
  return {
    ...{ id, name, roles },
    hasTotp: totpSecret !== null,
    disabled: disabledAt !== null,
    createdAt: isoTime(Math.floor(createdAt)),
  };
}

export function linkView({ id, staffId, roles, createdBy, expiresAt }: StaffLinkRow) {
  return { id, staffId, roles, createdBy, expiresAt: isoTime(Math.floor(expiresAt)) };
}

/** The console takes the token out of the address as soon as it has read it. */
export function newLinkView(link: NewLink) {
  return { ...linkView(link), path: `/_/#link=${link.token}` };
}

import { limits } from '@maque/contract';
import { field } from '../../define/field-vocabulary.ts';
import { MOST_ROLES, roleField } from '../users/role-names.ts';

const name = field.text({ maxLength: 64 });
const password = field.text({ maxLength: 200 });
// No rules of composition (NIST SP 800-63B §5.1.1.2). The upper bound bounds work.
const newPassword = field.text({ minLength: limits.adminPasswordMinLength, maxLength: 200 });
// Six digits, or a recovery code of eleven characters.
const totp = field.text({ maxLength: 20 }).optional();

export const claimFields = { link: field.text({ maxLength: 100 }), name, password: newPassword };

export const loginFields = { name, password, totp };

/** What somebody shows again before they change how they enter. */
export const proofFields = { password, totp };

export const passwordFields = { ...proofFields, newPassword };

/** Contract's `AdminLoginAnswer`. */
export const adminAnswerFields = {
  token: field.text({ maxLength: 512 }),
  expiresAt: field.datetime(),
  name,
  roles: field.list(roleField, { maxItems: MOST_ROLES }),
  mustSetUpTotp: field.bool(),
};

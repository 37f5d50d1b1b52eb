import { limits } from '@maque/contract';
import { field } from '../../define/field.ts';

const name = field.text({ maxLength: 64 });

export const claimFields = {
  link: field.text({ maxLength: 100 }),
  name,
  // No rules of composition (NIST SP 800-63B §5.1.1.2). The upper bound bounds work.
  password: field.text({ minLength: limits.adminPasswordMinLength, maxLength: 200 }),
};

export const loginFields = { name, password: field.text({ maxLength: 200 }) };

/** Contract's `AdminLoginAnswer`. */
export const adminAnswerFields = {
  token: field.text({ maxLength: 512 }),
  expiresAt: field.datetime(),
  name,
};

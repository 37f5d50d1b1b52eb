import { field } from '../../define/field-vocabulary.ts';
import { MOST_ROLES, roleField } from './role-names.ts';

/** What a user may change of their own profile. */
export const profileFields = {
  nickname: field.text({ maxLength: 32 }).optional(),
  avatarUrl: field.text({ maxLength: 512 }).optional(),
};

/** Contract's `Me`. */
export const meFields = {
  id: field.user(),
  ...profileFields,
  phone: field.text({ maxLength: 24 }).optional(),
  roles: field.list(roleField, { maxItems: MOST_ROLES }),
  createdAt: field.datetime(),
  updatedAt: field.datetime(),
};

import { field } from '../../define/field.ts';

/** What a user may change of their own profile. */
export const profileFields = {
  nickname: field.text({ maxLength: 32 }).optional(),
  avatarUrl: field.text({ maxLength: 512 }).optional(),
};

/** Contract's `Me`. */
export const meFields = {
  id: field.user(),
  ...profileFields,
  createdAt: field.datetime(),
  updatedAt: field.datetime(),
};

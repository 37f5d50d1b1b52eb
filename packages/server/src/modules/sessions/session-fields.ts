import { field } from '../../define/field-vocabulary.ts';
import { SESSIONS_PER_OWNER } from './session-service.ts';

/** Contract's `SessionView`. */
export const sessionFields = {
  id: field.text({ maxLength: 32 }),
  current: field.bool(),
  createdAt: field.datetime(),
  expiresAt: field.datetime(),
  appId: field.text({ maxLength: 64 }).optional(),
  ip: field.text({ maxLength: 45 }).optional(),
  device: field.text({ maxLength: 200 }).optional(),
};

export const sessionListFields = {
  items: field.list(field.object(sessionFields), { maxItems: SESSIONS_PER_OWNER }),
};

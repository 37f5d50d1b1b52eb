import { errors } from '@maque/contract';
import { nearestName } from '@maque/kit';
import { field } from '../../define/field-vocabulary.ts';

/** As many as an app may need: a set of them is remembered with each token. */
export const MOST_ROLES = 20;
export const roleField = field.text({ maxLength: 48 });

/** What a member of staff or a machine has who may do everything. */
export const ADMIN_ROLE = 'admin';

/**
 * Refuses roles that the app does not know: a typing mistake would give nobody anything, without a word.
 * @throws CodedError VALIDATION_FAILED naming each.
 */
export function refuseUnknownRoles(roles: readonly string[], known: readonly string[]): void {
  const details = roles.flatMap((role, position) => {
    if (known.includes(role)) return [];
    const near = nearestName(role, known);
    const issue =
      near === undefined
        ? { en: 'is no role of this app', zh: '不是本应用的角色' }
        : { en: 'is no role of this app; {near}?', zh: '不是本应用的角色，是 {near} 吗？' };
    return [{ path: `roles.${position}`, issue, data: { near } }];
  });
  if (details.length > 0) throw errors.VALIDATION_FAILED({ details });
}

import type { Text } from '@maque/kit';
import type { AnyCollection } from './collection.ts';
import { fieldNamed } from './condition.ts';
import { fieldsOfPersons } from './personal.ts';
import type { Problems } from './problems.ts';

const REASON = {
  noUser: {
    en: '{field} is not a field.user(), field.users() or field.caller()',
    zh: '{field} 不是 field.user()、field.users() 或 field.caller()',
  },
  users: { en: 'user names at least one field, each once', zh: 'user 至少应包含一个字段，且不能重复' },
  onErase: { en: "onErase is 'delete' or 'anonymise'", zh: "onErase 应为 'delete' 或 'anonymise'" },
  notOptional: {
    en: '{field} is not .optional(), so it cannot be emptied',
    zh: '{field} 不是 .optional()，不能清空',
  },
} as const satisfies Record<string, Text>;

/** Checks what a collection says of the users in it. */
export function checkPersonal({ fields, personal }: AnyCollection, where: string, problems: Problems): void {
  if (personal === undefined || personal === false) return;
  problems.checkOptions(personal, ['user', 'onErase', 'clears'], where);
  const { onErase, clears = [] } = personal;
  const users = fieldsOfPersons(personal);
  if (users.length === 0 || new Set(users).size < users.length) {
    problems.add('BOUNDS_INVALID', where, { reason: REASON.users });
  }
  for (const user of users) {
    const named = fieldNamed(fields, user);
    if (named === undefined) problems.unknownField(fields, user, where);
    else if (named.spec.kind !== 'user' && named.spec.kind !== 'users') {
      problems.add('BOUNDS_INVALID', where, { reason: REASON.noUser, field: user });
    }
  }
  if (onErase !== 'delete' && onErase !== 'anonymise') {
    problems.add('BOUNDS_INVALID', where, { reason: REASON.onErase });
  }
  for (const name of clears) {
    const cleared = fields[name];
    if (cleared === undefined) problems.unknownField(fields, name, `${where}.clears`);
    else if (cleared.presence !== 'optional') {
      problems.add('BOUNDS_INVALID', `${where}.clears`, { reason: REASON.notOptional, field: name });
    }
  }
}

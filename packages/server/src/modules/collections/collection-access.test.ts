import { expect, it } from 'vitest';
import { collection } from '../../define/collection.ts';
import { field } from '../../define/field-vocabulary.ts';
import { owner, role } from '../../define/rules.ts';
import type { Identity } from '../../ports/identity.ts';
import { createRecordModel } from '../records/record-model.ts';
import { CollectionAccess } from './collection-access.ts';

const names = Array.from({ length: 8 }, (_, index) => `r${index}`);
const notes = collection({
  fields: { text: field.text({ maxLength: 10 }), ownerId: field.user() },
  rules: {
    list: role(...names),
    read: 'public',
    update: owner('ownerId'),
    fields: { text: { write: role('clerk') } },
  },
});
const access = () => {
  const none = () => {
    throw new Error('there are no relations here');
  };
  return new CollectionAccess(createRecordModel('notes', notes, none, none));
};
const user = (userId: string, ...roles: string[]): Identity => ({
  kind: 'user',
  userId,
  sessionId: 's',
  roles,
});

it('works rules out once for all whom they do not tell apart', () => {
  const one = access();
  const rightsOf = (who: Identity) => one.rightsOf(who);
  expect(rightsOf(user('u1'))).toBe(rightsOf(user('u2', 'unheard-of')));
  expect(rightsOf(user('u1', 'r1', 'r2', 'other'))).toBe(rightsOf(user('u2', 'r2', 'r1')));
  expect(rightsOf(user('u1', 'r1'))).not.toBe(rightsOf(user('u1', 'r2')));
  expect(rightsOf(user('u1', 'r1'))).not.toBe(
    rightsOf({ kind: 'staff', adminId: 'u1', sessionId: 's', roles: ['r1'] }),
  );
  const admin: Identity = { kind: 'admin', adminId: 'a1', sessionId: 's' };
  expect(rightsOf({ kind: 'machine', keyId: 'k1', roles: ['r1', 'admin'] })).toBe(rightsOf(admin));
});

it('keeps 64 sets of roles, whatever callers bring', () => {
  const one = access();
  const first = one.rightsOf(user('u1', 'r0'));
  const sets = Array.from({ length: 65 }, (_, bits) => names.filter((_, index) => ((bits + 2) >> index) & 1));
  for (const roles of sets.slice(0, 62)) one.rightsOf(user('u1', ...roles));
  expect(one.rightsOf(user('u1', 'r0'))).toBe(first);
  for (const roles of sets) one.rightsOf(user('u1', ...roles));
  expect(one.rightsOf(user('u1', 'r0'))).not.toBe(first);
  expect(one.rightsOf(user('u1', 'r0'))).toEqual(first);
});

it('shares what is read with everybody to whom it is the same, but for staff and machines', () => {
  const one = access();
  const shares = (who: Identity) => [one.isShared('list', who), one.isShared('read', who)];
  expect(shares({ kind: 'anonymous' })).toEqual([false, true]);
  expect(shares(user('u1', 'r1'))).toEqual([false, true]);
  expect(shares({ kind: 'admin', adminId: 'a1', sessionId: 's' })).toEqual([false, false]);
  expect(shares({ kind: 'machine', keyId: 'k1', roles: [] })).toEqual([false, false]);
});

import type { AnyRule, Operation } from '../../define/rules.ts';
import type { RouteAuth } from '../../ports/identity.ts';
import type { RecordModel } from '../records/record-model.ts';
import { withinHops } from './reach.ts';

/**
 * What the authentication step demands: nothing where everybody may read, and gets the same; else a token when there is
 * one. It always matters who writes: to files, keys of requests, rates, hooks, authors and the audit log.
 * Undefined where nobody may, not even an admin: there is no such route.
 */
export function authFor(model: RecordModel, operation: Operation): RouteAuth | undefined {
  const rule: AnyRule | undefined = model.declared.rules[operation];
  if (rule === undefined || rule === 'nobody') return undefined;
  const isRead = operation === 'list' || operation === 'read';
  return isRead && rule === 'public' && !asksForReader(model) ? 'public' : 'optional';
}

/** Whether it matters who reads, though everybody may: what is shown of records, and what can be followed from them. */
function asksForReader(model: RecordModel): boolean {
  return [...withinHops(model)].some(({ declared: { rules, hooks } }) => {
    const { list, read } = rules;
    const isSameForAll = SAME_FOR_ALL.has(list) && SAME_FOR_ALL.has(read);
    return (
      !isSameForAll || rules.fields !== undefined || hooks.list !== undefined || hooks.read !== undefined
    );
  });
}

const SAME_FOR_ALL: ReadonlySet<AnyRule | undefined> = new Set([undefined, 'public', 'nobody']);

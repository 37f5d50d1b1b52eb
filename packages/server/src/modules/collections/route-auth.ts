import type { AnyRule, Operation } from '../../define/rules.ts';
import type { RouteAuth } from '../../ports/identity.ts';
import type { RecordModel } from '../records/record-model.ts';
import { callerFieldsOf } from './access.ts';

/**
 * What the authentication step demands: nothing where everybody may; a token when there is one where the rule
 * decides, or where what is written says who wrote it.
 * Undefined where nobody may, not even an admin: there is no such route.
 */
export function authFor(model: RecordModel, operation: Operation): RouteAuth | undefined {
  const rule: AnyRule | undefined = model.declared.rules[operation];
  if (rule === undefined || rule === 'nobody') return undefined;
  return rule === 'public' && !asksForWriter(model, operation) ? 'public' : 'optional';
}

/** Whether it matters who writes, though everybody may. */
function asksForWriter({ declared }: RecordModel, operation: Operation): boolean {
  if (operation === 'list' || operation === 'read') return false;
  const { authors, fields, hooks, rules } = declared;
  const hasFieldRules = Object.values(rules.fields ?? {}).some(({ write }) => write !== undefined);
  return authors || hasFieldRules || callerFieldsOf(fields).length > 0 || Object.keys(hooks).length > 0;
}

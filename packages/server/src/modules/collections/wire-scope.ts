import { type Condition, targetOf } from '../../define/condition.ts';
import type { Fields } from '../../define/field.ts';
import type { Identity } from '../../ports/identity.ts';
import type { RecordModel } from '../records/record-model.ts';
import { conditionOfAccess } from './access.ts';
import type { CollectionAccess } from './collection-access.ts';

/** What a caller may name of a collection in filters, sorts and searches. */
export interface WireScope {
  /** The fields that this caller may surely read, whatever the record is. */
  readonly fields: Fields;
  /** The records that this caller may list: what is asked of them through a relation is asked of these only. */
  readonly condition: Condition;
  /** What may be named behind a relation, one or several; undefined where this caller may list nothing there. */
  behind(relation: string): WireScope | undefined;
}

/** @param accessOf the access to any collection of the app. */
export function wireScope(
  model: RecordModel,
  identity: Identity,
  accessOf: (model: RecordModel) => CollectionAccess,
): WireScope {
  const {
    list,
    view: { namedFields },
  } = accessOf(model).rightsOf(identity);
  return {
    fields: namedFields,
    condition: conditionOfAccess(list),
    behind(relation) {
      const field = Object.hasOwn(namedFields, relation) ? namedFields[relation] : undefined;
      if (field === undefined || targetOf(field) === undefined) return undefined;
      const target = model.behind(relation);
      const { list } = accessOf(target).rightsOf(identity);
      // What the app's own code narrows lists by cannot be asked here.
      const isNarrowed = target.declared.hooks.list?.before !== undefined;
      return list.allows === 'none' || isNarrowed ? undefined : wireScope(target, identity, accessOf);
    },
  };
}

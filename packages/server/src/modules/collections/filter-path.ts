import { nearestName } from '@maque/kit';
import { type Condition, fieldAt, fieldsInside, targetOf } from '../../define/condition.ts';
import type { Field, Fields } from '../../define/field.ts';
import { MAX_RELATIONS } from '../../define/read-where.ts';
import { filterFault } from './filter-faults.ts';
import type { WireScope } from './wire-scope.ts';

/** What a path in a filter leads to. */
export interface FilterPath {
  /** As it was written, for messages. */
  readonly written: string;
  /** The field at its end. */
  readonly field: Field;
  /** Its name or path in the collection at the end of the relations. */
  readonly name: string;
  /** The relations that it goes through, from the outside in. */
  readonly relations: readonly Step[];
}

interface Step {
  readonly relation: string;
  /** The records behind it that this caller may list. */
  readonly listed: Condition;
}

/**
 * Follows a path such as `price_fen`, `address.city` or `category.parent.name` as far as this caller may know of it.
 * @throws CodedError FILTER_INVALID.
 */
export function followPath(start: WireScope, written: string): FilterPath {
  const relations: Step[] = [];
  let scope = start;
  let name = written;
  for (;;) {
    const dot = name.indexOf('.');
    const relation = dot === -1 ? '' : name.slice(0, dot);
    const head = dot === -1 ? undefined : fieldAt(scope.fields, relation);
    if (head === undefined || targetOf(head) === undefined) break;
    if (relations.length === MAX_RELATIONS) throw filterFault('tooFar', { max: MAX_RELATIONS });
    const behind = scope.behind(relation);
    if (behind === undefined) throw unknownField(scope, written, name);
    relations.push({ relation, listed: behind.condition });
    scope = behind;
    name = name.slice(dot + 1);
  }
  const field = fieldAt(scope.fields, name);
  if (field === undefined || field.isHidden) throw unknownField(scope, written, name);
  return { written, field, name, relations };
}

/**
 * A condition on what is at the end of a path, as one on the record where it begins. Of what is behind a relation only
 * what this caller may list counts, so that no filter tells of records that no list would show.
 */
export function throughRelations({ relations }: FilterPath, condition: Condition): Condition {
  return relations.reduceRight(
    (inner: Condition, { relation, listed }) => ({
      kind: 'related',
      field: relation,
      part: isEverything(listed) ? inner : { kind: 'all', parts: [listed, inner] },
      negated: false,
    }),
    condition,
  );
}

function isEverything(condition: Condition): boolean {
  return condition.kind === 'all' && condition.parts.length === 0;
}

function unknownField(scope: WireScope, written: string, name: string): Error {
  const field = written.slice(0, 60);
  const before = written.slice(0, written.length - name.length);
  const near = nearestName(name.slice(0, 60), namesIn(scope.fields));
  return near === undefined
    ? filterFault('unknownField', { field })
    : filterFault('unknownFieldNear', { field, near: before + near });
}

/** Names of fields, and of what is in documents. */
function namesIn(fields: Fields): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (field.isHidden) return [];
    return [name, ...namesIn(fieldsInside(field) ?? {}).map((inner) => `${name}.${inner}`)];
  });
}

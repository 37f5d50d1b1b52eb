import type { Text, TextData } from '@maque/kit';
import { checkValue, Issues } from './check-value.ts';
import {
  type Caller,
  caller,
  type Field,
  type FieldKind,
  type Fields,
  type RelationTarget,
} from './field.ts';
import { field } from './field-vocabulary.ts';
import type { Near } from './rules.ts';

export type Comparator = '=' | '!=' | '>' | '>=' | '<' | '<=';
export const COMPARATORS: readonly Comparator[] = ['=', '!=', '>', '>=', '<', '<='];

/** What a field is compared with. Times are ISO 8601 as in records; `caller` is whoever makes the request. */
export type Operand = string | number | boolean | null | Caller;

/**
 * A condition on a record, whether it comes from a rule, from the server's code or from a filter on the wire.
 * Every condition is true or false, never unknown: null fits `= null` and `!= something`, and no other comparison.
 * `all` of nothing is true, `any` of nothing is false. `field` is a declared field, or a path into a document such as
 * `address.city`; what leads through a relation is a `related`.
 */
export type Condition =
  | { readonly kind: 'all'; readonly parts: readonly Condition[] }
  | { readonly kind: 'any'; readonly parts: readonly Condition[] }
  | {
      readonly kind: 'compare';
      readonly field: string;
      readonly comparator: Comparator;
      readonly operand: Operand;
    }
  | {
      readonly kind: 'in';
      readonly field: string;
      readonly operands: readonly (string | number | boolean)[];
      readonly negated: boolean;
    }
  | { readonly kind: 'like'; readonly field: string; readonly pattern: string; readonly negated: boolean }
  /** One of several values is this one; false for null. */
  | {
      readonly kind: 'has';
      readonly field: string;
      readonly operand: string | number | boolean | Caller;
      readonly negated: boolean;
    }
  /** Within so many meters of a point; false for null. */
  | { readonly kind: 'near'; readonly field: string; readonly near: Near; readonly negated: boolean }
  /** There is a record behind this relation (one or several) that fits `part`, a condition on the other collection. */
  | { readonly kind: 'related'; readonly field: string; readonly part: Condition; readonly negated: boolean };

/** Fields that every record has beside the declared ones. */
export const RECORD_FIELDS = {
  id: field.text({ maxLength: 40 }),
  createdAt: field.datetime(),
  updatedAt: field.datetime(),
};

/** Whoever wrote a record first and last, of collections with `authors`; null for the server's own code. */
const AUTHOR_FIELDS = { createdBy: field.user().optional(), updatedBy: field.user().optional() };

/** Of collections with `softDelete`. */
const DELETION_FIELD = { deletedAt: field.datetime().optional() };

/** All fields of a collection's records: the declared ones, and the facts that nobody writes. */
export function recordFields(declared: RelationTarget): Fields {
  const { id, createdAt, updatedAt } = RECORD_FIELDS;
  return {
    id,
    ...declared.fields,
    ...{ createdAt, updatedAt },
    ...(declared.authors === true ? AUTHOR_FIELDS : {}),
    ...(declared.softDelete === undefined ? {} : DELETION_FIELD),
  };
}

/** The field of that name, the record's own facts included; undefined when there is none. */
export function fieldNamed(fields: Fields, name: string): Field | undefined {
  if (Object.hasOwn(fields, name)) return fields[name];
  return Object.hasOwn(RECORD_FIELDS, name) ? RECORD_FIELDS[name as keyof typeof RECORD_FIELDS] : undefined;
}

/** The fields that are known inside a document: all of an `object`, those of the shape of a `json`. */
export function fieldsInside({ spec }: Field): Fields | undefined {
  if (spec.kind === 'object') return spec.fields;
  return spec.kind === 'json' ? spec.shape : undefined;
}

/** The field at a path into documents such as `address.city`, or of a plain name; undefined when there is none. */
export function fieldAt(fields: Fields, path: string): Field | undefined {
  const [head = '', ...names] = path.split('.');
  let target = fieldNamed(fields, head);
  for (const name of names) {
    const inside: Fields | undefined = target === undefined ? undefined : fieldsInside(target);
    target = inside !== undefined && Object.hasOwn(inside, name) ? inside[name] : undefined;
  }
  return target;
}

/** The collection behind a relation, one or several; undefined where the field is none. */
export function targetOf({ spec }: Field): RelationTarget | undefined {
  return spec.kind === 'relation' || spec.kind === 'relations' ? spec.target() : undefined;
}

/** Whether values of a field can be compared and ordered by. */
export function isScalar({ spec }: Field): boolean {
  return !COMPOUND_KINDS.has(spec.kind);
}

const COMPOUND_KINDS: ReadonlySet<FieldKind> = new Set<FieldKind>([
  'richText',
  'json',
  'object',
  'list',
  'geo',
  'relations',
  'users',
  'files',
]);

const FAULT = {
  nullOrder: { en: 'null can only be compared by = and !=', zh: 'null 只能用 = 和 != 比较' },
  caller: { en: 'caller can only be compared with a user field', zh: 'caller 只能与用户字段比较' },
  meters: { en: 'meters are from 1 to {max}', zh: '距离应为 1 到 {max} 米' },
  noOrder: { en: 'a field of kind {kind} has no order', zh: '{kind} 类型的字段没有大小之分' },
  text: { en: 'must be text', zh: '应为文本' },
  wholeNumber: { en: 'must be a whole number', zh: '应为整数' },
} as const satisfies Record<string, Text>;

/** Why something does not fit, in every language. */
export interface Reason {
  readonly text: Text;
  readonly data?: TextData;
}

/** Why a value cannot be compared with a field in this way, or undefined when it can. */
export function operandFault(
  target: Field,
  comparator: Comparator | 'in',
  operand: unknown,
): Reason | undefined {
  const { spec } = target;
  const isEquality = comparator === '=' || comparator === '!=';
  if (operand === null) return isEquality ? undefined : { text: FAULT.nullOrder };
  if (operand === caller) {
    return spec.kind === 'user' && isEquality ? undefined : { text: FAULT.caller };
  }
  const isOrdered =
    spec.kind === 'int' || spec.kind === 'money' || spec.kind === 'datetime' || spec.kind === 'text';
  if (!isEquality && comparator !== 'in' && !isOrdered)
    return { text: FAULT.noOrder, data: { kind: spec.kind } };
  if (spec.kind === 'text') return typeof operand === 'string' ? undefined : { text: FAULT.text };
  if (spec.kind === 'int' || spec.kind === 'money') {
    return Number.isSafeInteger(operand) ? undefined : { text: FAULT.wholeNumber };
  }
  const issues = new Issues();
  checkValue(spec, operand, '', issues);
  return issues.first;
}

/** An operand in the form in which records keep it: a time is written in UTC to the millisecond. */
export function normalizeOperand<Value extends Operand>(target: Field, operand: Value): Value | string {
  return target.spec.kind === 'datetime' && typeof operand === 'string'
    ? new Date(operand).toISOString()
    : operand;
}

/** The field of one of the values that a field holds several of; undefined where it holds one, or documents. */
export function itemOf({ spec }: Field): Field | undefined {
  switch (spec.kind) {
    case 'relations':
    case 'files':
      return ITEM.id;
    case 'users':
      return ITEM.user;
    case 'list':
      return isScalar(spec.item) ? spec.item : undefined;
    default:
      return undefined;
  }
}

const ITEM = { id: RECORD_FIELDS.id, user: field.user() };

/** The largest circle that can be asked for: across a city and its suburbs. */
export const NEAR_MAX_METERS = 100_000;

/** Why a circle is none, or undefined when it is one. */
export function nearFault(target: Field, near: unknown): Reason | undefined {
  const { meters, ...point } = (near ?? {}) as Partial<Near>;
  const issues = new Issues();
  checkValue(target.spec, point, '', issues);
  if (!issues.isEmpty) return issues.first;
  const isFit = typeof meters === 'number' && meters >= 1 && meters <= NEAR_MAX_METERS;
  return isFit ? undefined : { text: FAULT.meters, data: { max: NEAR_MAX_METERS } };
}

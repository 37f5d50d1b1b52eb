import type { Text, TextData } from '@maque/kit';
import { checkValue, Issues } from './check-value.ts';
import { type Caller, caller, type Field, type FieldKind, type Fields, field } from './field.ts';
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
export function recordFields(declared: {
  readonly fields: Fields;
  readonly authors: boolean;
  readonly softDelete: unknown;
}): Fields {
  const { id, createdAt, updatedAt } = RECORD_FIELDS;
  return {
    id,
    ...declared.fields,
    ...{ createdAt, updatedAt },
    ...(declared.authors ? AUTHOR_FIELDS : {}),
    ...(declared.softDelete === undefined ? {} : DELETION_FIELD),
  };
}

/** The field of that name, the record's own facts included; undefined when there is none. */
export function fieldNamed(fields: Fields, name: string): Field | undefined {
  if (Object.hasOwn(fields, name)) return fields[name];
  return Object.hasOwn(RECORD_FIELDS, name) ? RECORD_FIELDS[name as keyof typeof RECORD_FIELDS] : undefined;
}

/** Whether values of a field can be compared and ordered by. */
export function isScalar({ spec }: Field): boolean {
  return !COMPOUND_KINDS.has(spec.kind);
}

const COMPOUND_KINDS: ReadonlySet<FieldKind> = new Set<FieldKind>([
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
  nullInList: { en: 'a list holds no null', zh: '列表中不能有 null' },
  caller: { en: 'caller can only be compared with a user field', zh: 'caller 只能与用户字段比较' },
  noOrder: { en: 'a field of kind {kind} has no order', zh: '{kind} 类型的字段没有大小之分' },
  text: { en: 'must be text', zh: '应为文本' },
  wholeNumber: { en: 'must be a whole number', zh: '应为整数' },
  notList: { en: 'in takes a list', zh: 'in 后应为列表' },
  noComparison: { en: 'there is no comparison {operator}', zh: '没有比较运算 {operator}' },
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

/** What is wrong with a condition that was declared. */
export interface ConditionFault {
  readonly field: string;
  readonly fault: 'unknown' | 'unsuited' | 'operand';
  readonly reason?: Reason;
}

/** Reads the form in which rules and the server's own code write conditions: `{ category: 'tea', stock: { '>': 0 } }`. */
export function conditionOf(
  fields: Fields,
  where: { readonly [name: string]: unknown },
  onFault: (fault: ConditionFault) => void,
): Condition {
  const parts: Condition[] = [];
  for (const [name, wanted] of Object.entries(where)) {
    const target = fieldNamed(fields, name);
    if (target === undefined) onFault({ field: name, fault: 'unknown' });
    else if (!isScalar(target)) onFault({ field: name, fault: 'unsuited' });
    else parts.push(...comparisonsOf(name, target, wanted, onFault));
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'all', parts };
}

function comparisonsOf(
  name: string,
  target: Field,
  wanted: unknown,
  onFault: (fault: ConditionFault) => void,
): Condition[] {
  const tests: [string, unknown][] =
    typeof wanted === 'object' && wanted !== null ? Object.entries(wanted) : [['=', wanted]];
  const parts: Condition[] = [];
  for (const [operator, operand] of tests) {
    const reason = testFault(target, operator, operand);
    if (reason !== undefined) onFault({ field: name, fault: 'operand', reason });
    else if (operator === 'in') {
      const operands = (operand as (string | number | boolean)[]).map((one) => normalizeOperand(target, one));
      parts.push({ kind: 'in', field: name, operands, negated: false });
    } else {
      const value = normalizeOperand(target, operand as Operand);
      parts.push({ kind: 'compare', field: name, comparator: operator as Comparator, operand: value });
    }
  }
  return parts;
}

function testFault(target: Field, operator: string, operand: unknown): Reason | undefined {
  if (operator === 'in') {
    if (!Array.isArray(operand)) return { text: FAULT.notList };
    for (const one of operand) {
      const fault = one === null ? { text: FAULT.nullInList } : operandFault(target, 'in', one);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
  if (!COMPARATORS.includes(operator as Comparator)) return { text: FAULT.noComparison, data: { operator } };
  return operandFault(target, operator as Comparator, operand);
}

import type { Text } from '@maque/kit';
import {
  COMPARATORS,
  type Comparator,
  type Condition,
  fieldAt,
  fieldNamed,
  isScalar,
  itemOf,
  nearFault,
  normalizeOperand,
  type Operand,
  operandFault,
  type Reason,
  recordFields,
  targetOf,
} from './condition.ts';
import type { Field, Fields } from './field.ts';
import type { Near } from './rules.ts';

/** How many relations a path may go through; each is a query inside the query. */
export const MAX_RELATIONS = 2;

// As many as `getMany` takes; SQLite takes 32,766 values in a statement, MySQL 65,535.
const MAX_CHOICES = 1_000;

const FAULT = {
  notList: { en: 'in takes a list', zh: 'in 后应为列表' },
  longList: { en: 'a list has at most {max} values', zh: '列表最多 {max} 个值' },
  nullInList: { en: 'a list holds no null', zh: '列表中不能有 null' },
  noComparison: { en: 'there is no comparison {operator}', zh: '没有比较运算 {operator}' },
  onlyHas: { en: 'holds several values: write { has: … }', zh: '含有多个值，请写 { has: … }' },
  onlyNear: {
    en: 'is a point: write { near: { lat, lng, meters } }',
    zh: '是坐标，请写 { near: { lat, lng, meters } }',
  },
  empty: { en: 'is compared with nothing', zh: '没有写比较条件' },
  tooFar: { en: 'a path goes through {max} relations at most', zh: '路径最多经过 {max} 层关联' },
} as const satisfies Record<string, Text>;

/** What is wrong with a condition that was declared. */
export interface ConditionFault {
  /** The name or path as it was written. */
  readonly field: string;
  readonly fault: 'unknown' | 'unsuited' | 'operand';
  readonly reason?: Reason;
}

type OnFault = (fault: ConditionFault) => void;

/**
 * Reads the form in which rules and the server's own code write conditions:
 * `{ category: 'tea', stock: { '>': 0 }, 'seller.city': '杭州', members: { has: caller } }`.
 * @param fields of the collection, with the facts of its records ({@link recordFields}).
 */
export function conditionOf(
  fields: Fields,
  where: { readonly [path: string]: unknown },
  onFault: OnFault,
): Condition {
  const parts = Object.entries(where).flatMap(([path, wanted]) =>
    partsOf(fields, path, wanted, 0, (fault) => onFault({ field: path, ...fault })),
  );
  return allOf(parts);
}

function allOf(parts: readonly Condition[]): Condition {
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'all', parts };
}

type OnPathFault = (fault: Omit<ConditionFault, 'field'>) => void;

/** What one entry says; several comparisons behind one relation are about the same record. */
function partsOf(
  fields: Fields,
  path: string,
  wanted: unknown,
  depth: number,
  onFault: OnPathFault,
): readonly Condition[] {
  const dot = path.indexOf('.');
  const name = dot === -1 ? path : path.slice(0, dot);
  const head = fieldNamed(fields, name);
  const behind = dot === -1 || head === undefined ? undefined : targetOf(head);
  if (behind === undefined) return testsOf(fieldAt(fields, path), path, wanted, onFault);
  if (depth === MAX_RELATIONS) {
    onFault({ fault: 'operand', reason: { text: FAULT.tooFar, data: { max: MAX_RELATIONS } } });
    return [];
  }
  const part = allOf(partsOf(recordFields(behind), path.slice(dot + 1), wanted, depth + 1, onFault));
  return [{ kind: 'related', field: name, part, negated: false }];
}

function testsOf(
  target: Field | undefined,
  path: string,
  wanted: unknown,
  onFault: OnPathFault,
): readonly Condition[] {
  if (target === undefined) {
    onFault({ fault: 'unknown' });
    return [];
  }
  const tests =
    typeof wanted === 'object' && wanted !== null ? Object.entries(wanted) : [['=', wanted] as const];
  const item = itemOf(target);
  if (item === undefined && target.spec.kind !== 'geo' && !isScalar(target)) {
    onFault({ fault: 'unsuited' });
    return [];
  }
  // As a rule it would let everybody in.
  if (tests.length === 0) onFault({ fault: 'operand', reason: { text: FAULT.empty } });
  return tests.flatMap(([operator, operand]) => {
    const test = testOf(target, item, path, operator, operand);
    if ('kind' in test) return [test];
    onFault({ fault: 'operand', reason: test });
    return [];
  });
}

function testOf(
  target: Field,
  item: Field | undefined,
  field: string,
  operator: string,
  operand: unknown,
): Condition | Reason {
  if (target.spec.kind === 'geo') {
    if (operator !== 'near') return { text: FAULT.onlyNear };
    return nearFault(target, operand) ?? { kind: 'near', field, near: operand as Near, negated: false };
  }
  if (item !== undefined) return membershipOf(item, field, operator, operand);
  if (operator === 'in') return choiceOf(target, field, operand);
  if (!COMPARATORS.includes(operator as Comparator)) return { text: FAULT.noComparison, data: { operator } };
  const comparator = operator as Comparator;
  const fault = operandFault(target, comparator, operand);
  if (fault !== undefined) return fault;
  return { kind: 'compare', field, comparator, operand: normalizeOperand(target, operand as Operand) };
}

function membershipOf(item: Field, field: string, operator: string, operand: unknown): Condition | Reason {
  if (operator !== 'has') return { text: FAULT.onlyHas };
  if (operand === null) return { text: FAULT.nullInList };
  const fault = operandFault(item, '=', operand);
  if (fault !== undefined) return fault;
  return {
    kind: 'has',
    field,
    operand: normalizeOperand(item, operand as NonNullable<Operand>),
    negated: false,
  };
}

function choiceOf(target: Field, field: string, operand: unknown): Condition | Reason {
  if (!Array.isArray(operand)) return { text: FAULT.notList };
  if (operand.length > MAX_CHOICES) return { text: FAULT.longList, data: { max: MAX_CHOICES } };
  for (const one of operand) {
    const fault = one === null ? { text: FAULT.nullInList } : operandFault(target, 'in', one);
    if (fault !== undefined) return fault;
  }
  const operands = (operand as (string | number | boolean)[]).map((one) => normalizeOperand(target, one));
  return { kind: 'in', field, operands, negated: false };
}

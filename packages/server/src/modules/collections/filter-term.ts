import type { Text } from '@maque/kit';
import {
  COMPARATORS,
  type Comparator,
  type Condition,
  isScalar,
  itemOf,
  nearFault,
  normalizeOperand,
  operandFault,
  type Reason,
} from '../../define/condition.ts';
import type { Field } from '../../define/field.ts';
import type { Near } from '../../define/rules.ts';
import { EXPECTED, filterFault } from './filter-faults.ts';
import { type FilterPath, followPath, throughRelations } from './filter-path.ts';
import { type FilterToken, type FilterTokens, unexpected } from './filter-tokens.ts';
import type { WireScope } from './wire-scope.ts';

type Operand = string | number | boolean | null;

// SQLite tries a pattern at every place for each %, so their number bounds the work for a text: 100 × 4 × its length.
const PATTERN_LENGTH = 100;
const PATTERN_WILDCARDS = 4;

/**
 * Reads `field = value`, `field in (a, b)`, `field like "%text%"`, `field has value` or
 * `field near (lat, lng, meters)`, the last four also with `not` after the field.
 * @throws CodedError FILTER_INVALID.
 */
export function readTerm(scope: WireScope, tokens: FilterTokens): Condition {
  const token = tokens.take(EXPECTED.field);
  if (token.kind !== 'word') throw unexpected(token, EXPECTED.field);
  const path = followPath(scope, token.text);
  return throughRelations(path, readTest(path, tokens));
}

function readTest(path: FilterPath, tokens: FilterTokens): Condition {
  const { field, name } = path;
  const negated = tokens.takeWord('not');
  const kind = field.spec.kind;
  const item = itemOf(field);
  if (kind === 'geo') {
    expectWord(tokens, 'near');
    return { kind: 'near', field: name, near: readCircle(path, tokens), negated };
  }
  if (item !== undefined) {
    expectWord(tokens, 'has');
    return { kind: 'has', field: name, operand: readItem(path, item, tokens), negated };
  }
  if (!isScalar(field)) throw filterFault('unsuited', { field: path.written });
  if (tokens.takeWord('in')) return { kind: 'in', field: name, operands: readList(path, tokens), negated };
  if (tokens.takeWord('like'))
    return { kind: 'like', field: name, pattern: readPattern(path, tokens), negated };
  const comparator = readComparator(tokens, negated ? EXPECTED.notComparison : EXPECTED.comparison, negated);
  return { kind: 'compare', field: name, comparator, operand: readOperand(path, field, comparator, tokens) };
}

function readComparator(tokens: FilterTokens, expected: Text, negated: boolean): Comparator {
  const token = tokens.take(expected);
  if (negated || token.kind !== 'sign' || !COMPARATORS.includes(token.text as Comparator)) {
    throw unexpected(token, expected);
  }
  return token.text as Comparator;
}

function expectWord(tokens: FilterTokens, word: string): void {
  if (!tokens.takeWord(word)) throw unexpected(tokens.take(word), word);
}

function readOperand(
  path: FilterPath,
  field: Field,
  comparator: Comparator | 'in',
  tokens: FilterTokens,
): Operand {
  const value = operandOf(tokens.take(EXPECTED.value));
  refuse(path, operandFault(field, comparator, value));
  return normalizeOperand(field, value);
}

function readList(path: FilterPath, tokens: FilterTokens): (string | number | boolean)[] {
  tokens.expectSign('(');
  // What no array holds is none of it: a client's list is empty as often as not.
  if (tokens.takeSign(')')) return [];
  const operands: (string | number | boolean)[] = [];
  do {
    // Null is refused with the other operands that do not suit a list.
    operands.push(readOperand(path, path.field, 'in', tokens) as string | number | boolean);
  } while (tokens.takeSign(','));
  tokens.expectSign(')');
  return operands;
}

function readItem(path: FilterPath, item: Field, tokens: FilterTokens): string | number | boolean {
  return readOperand(path, item, 'in', tokens) as string | number | boolean;
}

function readPattern({ field, written }: FilterPath, tokens: FilterTokens): string {
  const token = tokens.take(EXPECTED.text);
  if (field.spec.kind !== 'text') throw filterFault('likeText', { field: written });
  if (token.kind !== 'text') throw unexpected(token, EXPECTED.text);
  const wildcards = token.value.split('%').length - 1;
  if (token.value.length > PATTERN_LENGTH || wildcards > PATTERN_WILDCARDS) {
    throw filterFault('likePattern', { length: PATTERN_LENGTH, wildcards: PATTERN_WILDCARDS });
  }
  return token.value;
}

function readCircle(path: FilterPath, tokens: FilterTokens): Near {
  tokens.expectSign('(');
  const lat = readNumber(tokens);
  tokens.expectSign(',');
  const lng = readNumber(tokens);
  tokens.expectSign(',');
  const meters = readNumber(tokens);
  tokens.expectSign(')');
  const near = { lat, lng, meters };
  refuse(path, nearFault(path.field, near));
  return near;
}

function readNumber(tokens: FilterTokens): number {
  const token = tokens.take(EXPECTED.number);
  if (token.kind !== 'number') throw unexpected(token, EXPECTED.number);
  return token.value;
}

function refuse({ written }: FilterPath, fault: Reason | undefined): void {
  if (fault !== undefined) throw filterFault('operand', { field: written, fault: fault.text, ...fault.data });
}

function operandOf(token: FilterToken): Operand {
  if (token.kind === 'text' || token.kind === 'number') return token.value;
  if (token.kind === 'word') {
    const word = token.text.toLowerCase();
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
  }
  throw unexpected(token, EXPECTED.value);
}

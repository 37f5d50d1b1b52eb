import { limits } from '@maque/contract';
import { nearestName, type Text } from '@maque/kit';
import {
  COMPARATORS,
  type Comparator,
  type Condition,
  fieldNamed,
  isScalar,
  normalizeOperand,
  operandFault,
  RECORD_FIELDS,
} from '../../define/condition.ts';
import type { Field, Fields } from '../../define/field.ts';
import { EXPECTED, filterFault } from './filter-faults.ts';
import { type FilterToken, tokenize } from './filter-tokens.ts';
import { negate } from './negate.ts';

type Operand = string | number | boolean | null;

// SQLite tries a pattern at every place for each %, so their number bounds the work for a text: 100 × 4 × its length.
const PATTERN_LENGTH = 100;
const PATTERN_WILDCARDS = 4;

/**
 * Parses a filter such as `price_fen >= 1000 and (category = "tea" or not name like "%盒")` into a condition on fields
 * that callers may see. Nothing of it ever becomes SQL text.
 * @throws CodedError FILTER_INVALID with the reason.
 */
export function parseFilter(fields: Fields, filter: string): Condition {
  if (filter.length > limits.filterLength) throw filterFault('tooLong');
  const parser = new FilterParser(fields, tokenize(filter));
  const condition = parser.disjunction();
  parser.end();
  return condition;
}

class FilterParser {
  readonly #fields: Fields;
  readonly #tokens: readonly FilterToken[];
  #next = 0;
  #depth = 0;
  #terms = 0;

  constructor(fields: Fields, tokens: readonly FilterToken[]) {
    this.#fields = fields;
    this.#tokens = tokens;
  }

  /** `a or b or c`. */
  disjunction(): Condition {
    const parts = [this.#conjunction()];
    while (this.#takeWord('or')) parts.push(this.#conjunction());
    return parts.length === 1 ? (parts[0] as Condition) : { kind: 'any', parts };
  }

  end(): void {
    const token = this.#tokens[this.#next];
    if (token !== undefined) throw filterFault('expected', { expected: EXPECTED.joint, found: show(token) });
  }

  #conjunction(): Condition {
    const parts = [this.#factor()];
    while (this.#takeWord('and')) parts.push(this.#factor());
    return parts.length === 1 ? (parts[0] as Condition) : { kind: 'all', parts };
  }

  #factor(): Condition {
    if (this.#takeWord('not')) {
      return negate(
        this.#nested(() => this.#factor()),
        (name) => this.#isNullable(name),
      );
    }
    if (!this.#takeSign('(')) return this.#term();
    const inner = this.#nested(() => this.disjunction());
    this.#expectSign(')');
    return inner;
  }

  #nested(parse: () => Condition): Condition {
    this.#depth += 1;
    if (this.#depth > limits.filterDepth) throw filterFault('tooDeep');
    const inner = parse();
    this.#depth -= 1;
    return inner;
  }

  /** `field = value`, `field in (a, b)`, `field not in (a, b)`, `field like "%text%"`. */
  #term(): Condition {
    this.#terms += 1;
    if (this.#terms > limits.filterTerms) throw filterFault('tooManyTerms');
    const { name, field } = this.#field();
    const negated = this.#takeWord('not');
    if (this.#takeWord('in')) return { kind: 'in', field: name, operands: this.#list(name, field), negated };
    if (this.#takeWord('like'))
      return { kind: 'like', field: name, pattern: this.#pattern(name, field), negated };
    const expected = negated ? EXPECTED.notComparison : EXPECTED.comparison;
    const token = this.#take(expected);
    if (negated || token.kind !== 'sign' || !COMPARATORS.includes(token.text as Comparator)) {
      throw filterFault('expected', { expected, found: show(token) });
    }
    const comparator = token.text as Comparator;
    return { kind: 'compare', field: name, comparator, operand: this.#operand(name, field, comparator) };
  }

  #field(): { readonly name: string; readonly field: Field } {
    const token = this.#take(EXPECTED.field);
    if (token.kind !== 'word')
      throw filterFault('expected', { expected: EXPECTED.field, found: show(token) });
    const name = token.text;
    const field = fieldNamed(this.#fields, name);
    if (field === undefined || field.isHidden) throw this.#unknownField(name.slice(0, 60));
    if (!isScalar(field)) throw filterFault('unsuited', { field: name });
    return { name, field };
  }

  #unknownField(field: string): Error {
    const visible = Object.entries({ ...this.#fields, ...RECORD_FIELDS }).filter(
      ([, { isHidden }]) => !isHidden,
    );
    const near = nearestName(
      field,
      visible.map(([name]) => name),
    );
    return near === undefined
      ? filterFault('unknownField', { field })
      : filterFault('unknownFieldNear', { field, near });
  }

  #operand(name: string, field: Field, comparator: Comparator | 'in'): Operand {
    const value = operandOf(this.#take(EXPECTED.value));
    const fault = operandFault(field, comparator, value);
    if (fault !== undefined) {
      throw filterFault('operand', { field: name, fault: fault.text, ...fault.data });
    }
    return normalizeOperand(field, value);
  }

  #list(name: string, field: Field): (string | number | boolean)[] {
    this.#expectSign('(');
    const operands: (string | number | boolean)[] = [];
    do {
      // Null is refused with the other operands that do not suit a list.
      operands.push(this.#operand(name, field, 'in') as string | number | boolean);
    } while (this.#takeSign(','));
    this.#expectSign(')');
    return operands;
  }

  #pattern(name: string, field: Field): string {
    const token = this.#take(EXPECTED.text);
    if (field.spec.kind !== 'text') throw filterFault('likeText', { field: name });
    if (token.kind !== 'text') throw filterFault('expected', { expected: EXPECTED.text, found: show(token) });
    const wildcards = token.value.split('%').length - 1;
    if (token.value.length > PATTERN_LENGTH || wildcards > PATTERN_WILDCARDS) {
      throw filterFault('likePattern', { length: PATTERN_LENGTH, wildcards: PATTERN_WILDCARDS });
    }
    return token.value;
  }

  #isNullable(name: string): boolean {
    return fieldNamed(this.#fields, name)?.presence === 'optional';
  }

  #take(expected: Text | string): FilterToken {
    const token = this.#tokens[this.#next];
    if (token === undefined)
      throw filterFault(this.#next === 0 ? 'expected' : 'end', { expected, found: '""' });
    this.#next += 1;
    return token;
  }

  #takeWord(word: string): boolean {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'word' || token.text.toLowerCase() !== word) return false;
    this.#next += 1;
    return true;
  }

  #takeSign(sign: string): boolean {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.#next += 1;
    return true;
  }

  #expectSign(sign: string): void {
    const token = this.#take(sign);
    if (token.kind !== 'sign' || token.text !== sign) {
      throw filterFault('expected', { expected: sign, found: show(token) });
    }
  }
}

function operandOf(token: FilterToken): Operand {
  if (token.kind === 'text' || token.kind === 'number') return token.value;
  if (token.kind === 'word') {
    const word = token.text.toLowerCase();
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
  }
  throw filterFault('expected', { expected: EXPECTED.value, found: show(token) });
}

function show(token: FilterToken): string {
  const text = token.kind === 'text' || token.kind === 'number' ? JSON.stringify(token.value) : token.text;
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

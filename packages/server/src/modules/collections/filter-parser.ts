import { limits } from '@maque/contract';
import { type Condition, fieldAt } from '../../define/condition.ts';
import { filterFault } from './filter-faults.ts';
import { readTerm } from './filter-term.ts';
import { FilterTokens } from './filter-tokens.ts';
import { negate } from './negate.ts';
import type { WireScope } from './wire-scope.ts';

/**
 * Parses a filter such as `price_fen >= 1000 and (category.name = "tea" or not name like "%盒")` into a condition on what
 * its caller may know. Nothing of it ever becomes SQL text.
 * @throws CodedError FILTER_INVALID with the reason.
 */
export function parseFilter(scope: WireScope, filter: string): Condition {
  if (filter.length > limits.filterLength) throw filterFault('tooLong');
  const tokens = new FilterTokens(filter);
  const condition = new FilterParser(scope, tokens).disjunction();
  tokens.expectEnd();
  return condition;
}

class FilterParser {
  readonly #scope: WireScope;
  readonly #tokens: FilterTokens;
  #depth = 0;
  #terms = 0;

  constructor(scope: WireScope, tokens: FilterTokens) {
    this.#scope = scope;
    this.#tokens = tokens;
  }

  /** `a or b or c`. */
  disjunction(): Condition {
    const parts = [this.#conjunction()];
    while (this.#tokens.takeWord('or')) parts.push(this.#conjunction());
    return parts.length === 1 ? (parts[0] as Condition) : { kind: 'any', parts };
  }

  #conjunction(): Condition {
    const parts = [this.#factor()];
    while (this.#tokens.takeWord('and')) parts.push(this.#factor());
    return parts.length === 1 ? (parts[0] as Condition) : { kind: 'all', parts };
  }

  #factor(): Condition {
    if (this.#tokens.takeWord('not')) {
      return negate(
        this.#nested(() => this.#factor()),
        (name) => this.#isNullable(name),
      );
    }
    if (!this.#tokens.takeSign('(')) return this.#term();
    const inner = this.#nested(() => this.disjunction());
    this.#tokens.expectSign(')');
    return inner;
  }

  #nested(parse: () => Condition): Condition {
    this.#depth += 1;
    if (this.#depth > limits.filterDepth) throw filterFault('tooDeep');
    const inner = parse();
    this.#depth -= 1;
    return inner;
  }

  #term(): Condition {
    this.#terms += 1;
    if (this.#terms > limits.filterTerms) throw filterFault('tooManyTerms');
    return readTerm(this.#scope, this.#tokens);
  }

  /** What is in a document may be missing, as the document may be older than its declaration. */
  #isNullable(name: string): boolean {
    return name.includes('.') || fieldAt(this.#scope.fields, name)?.presence === 'optional';
  }
}

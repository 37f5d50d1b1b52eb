import type { Text } from '@maque/kit';
import { EXPECTED, filterFault } from './filter-faults.ts';

export type FilterToken =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'sign'; readonly text: string };

// Sticky, and no repetition inside a repetition can match in two ways: each character is looked at a bounded number of
// times. A word is a name, or a path of names such as `category.name`.
const TOKEN =
  /\s*(?:([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(-?\d+(?:\.\d+)?)|(<=|>=|!=|[=<>(),]))/y;

/** The words, texts, numbers and signs of a filter, read from left to right. */
export class FilterTokens {
  readonly #tokens: readonly FilterToken[];
  #next = 0;

  /** @throws CodedError FILTER_INVALID at a character that begins none of them. */
  constructor(filter: string) {
    this.#tokens = tokenize(filter);
  }

  /** The next one. @throws CodedError FILTER_INVALID when there is none. */
  take(expected: Text | string): FilterToken {
    const token = this.#tokens[this.#next];
    if (token === undefined)
      throw filterFault(this.#next === 0 ? 'expected' : 'end', { expected, found: '""' });
    this.#next += 1;
    return token;
  }

  /** Goes past a word, if it comes next. */
  takeWord(word: string): boolean {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'word' || token.text.toLowerCase() !== word) return false;
    this.#next += 1;
    return true;
  }

  /** Goes past a sign, if it comes next. */
  takeSign(sign: string): boolean {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.#next += 1;
    return true;
  }

  expectSign(sign: string): void {
    const token = this.take(sign);
    if (token.kind !== 'sign' || token.text !== sign) throw unexpected(token, sign);
  }

  expectEnd(): void {
    const token = this.#tokens[this.#next];
    if (token !== undefined) throw unexpected(token, EXPECTED.joint);
  }
}

/** FILTER_INVALID about a token that is something else than it should be. */
export function unexpected(token: FilterToken, expected: Text | string): Error {
  const text = token.kind === 'text' || token.kind === 'number' ? JSON.stringify(token.value) : token.text;
  return filterFault('expected', { expected, found: text.length > 40 ? `${text.slice(0, 40)}…` : text });
}

function tokenize(filter: string): FilterToken[] {
  const source = filter.trimEnd();
  const tokens: FilterToken[] = [];
  let at = 0;
  while (at < source.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    if (match === null) throw filterFault('character', { found: firstOf(source.slice(at)) });
    at = TOKEN.lastIndex;
    tokens.push(tokenOf(match));
  }
  return tokens;
}

function tokenOf([, word, quoted, number, sign]: RegExpExecArray): FilterToken {
  if (word !== undefined) return { kind: 'word', text: word };
  if (quoted !== undefined) return { kind: 'text', value: quoted.slice(1, -1).replace(/\\(.)/g, '$1') };
  return number !== undefined
    ? { kind: 'number', value: Number(number) }
    : { kind: 'sign', text: sign ?? '' };
}

function firstOf(rest: string): string {
  const [first = ''] = rest.trimStart();
  return first;
}

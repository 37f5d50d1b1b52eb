import { filterFault } from './filter-faults.ts';

export type FilterToken =
  | { readonly kind: 'word'; readonly text: string; readonly at: number }
  | { readonly kind: 'text'; readonly value: string; readonly at: number }
  | { readonly kind: 'number'; readonly value: number; readonly at: number }
  | { readonly kind: 'sign'; readonly text: string; readonly at: number };

// Sticky, without nested repetition: each character is looked at a bounded number of times.
const TOKEN =
  /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(-?\d+(?:\.\d+)?)|(<=|>=|!=|[=<>(),]))/y;

/** Cuts a filter into words, texts, numbers and signs. @throws CodedError FILTER_INVALID. */
export function tokenize(filter: string): FilterToken[] {
  const source = filter.trimEnd();
  const tokens: FilterToken[] = [];
  let at = 0;
  while (at < source.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    if (match === null) throw filterFault('character', { found: firstOf(source.slice(at)) });
    at = TOKEN.lastIndex;
    tokens.push(tokenOf(match, at));
  }
  return tokens;
}

function tokenOf(match: RegExpExecArray, at: number): FilterToken {
  const [, word, quoted, number, sign] = match;
  if (word !== undefined) return { kind: 'word', text: word, at };
  if (quoted !== undefined) {
    return { kind: 'text', value: quoted.slice(1, -1).replace(/\\(.)/g, '$1'), at };
  }
  return number !== undefined
    ? { kind: 'number', value: Number(number), at }
    : { kind: 'sign', text: sign ?? '', at };
}

function firstOf(rest: string): string {
  const [first = ''] = rest.trimStart();
  return first;
}

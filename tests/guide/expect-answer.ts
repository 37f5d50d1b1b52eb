import { expect } from 'vitest';
import { type Block, markOf } from './blocks.ts';

const ANYTHING = '…';
/** A number with its unit, or the dash that a table shows where there is none yet. */
const NUMBER = /\d+(?:\.\d+)?(?: (?:ms|s|min|h|d|[KMG]iB|%)(?![a-z]))?|(?<= )-(?= |$)/gm;

/** Compares an answer as the guide shows it with what was printed. @throws Error of the assertion. */
export function expectAnswer(block: Block, printed: string): void {
  const given = printed.replaceAll('\r', '');
  if (block.language === 'json') expectJson(given, block.text);
  else if (block.language === 'http') expectHttp(given, block.text);
  else expectText(given, block);
}

function expectText(given: string, block: Block): void {
  const isScreen = /^screen\b/.test(block.marks);
  const wanted = isScreen ? `${ANYTHING}\n${block.text.trim()}\n${ANYTHING}` : block.text;
  if (markOf(block, 'numbers') === 'any')
    expectLines(given.replace(NUMBER, '#'), wanted.replace(NUMBER, '#'));
  else expectLines(given, wanted);
}

function expectJson(given: string, wanted: string): void {
  expect(JSON.parse(given)).toEqual(valueLike(JSON.parse(wanted)));
}

function expectHttp(given: string, wanted: string): void {
  const [[status, ...headers], body] = partsOf(given);
  const [[wantedStatus, ...wantedHeaders], wantedBody] = partsOf(wanted);
  expect(status).toBe(wantedStatus);
  for (const header of wantedHeaders) expect(headers).toContainEqual(valueLike(header));
  if (wantedBody === '') expect(body).toBe('');
  else expectJson(body, wantedBody);
}

function partsOf(text: string): [head: string[], body: string] {
  const [head = '', ...body] = text.trim().split('\n\n');
  return [head.split('\n'), body.join('\n\n')];
}

/** Lines are compared as wholes, in order; how wide columns are does not count, since their widest cell decides. */
function expectLines(given: string, wanted: string): void {
  const patterns = tidy(wanted)
    .split('\n')
    .map((line) => (line === ANYTHING ? '(?:.*\\n)*?' : `${patternOf(line)}\\n`));
  // A plain comparison shows what differs better than the pattern does.
  if (!new RegExp(`^${patterns.join('')}$`).test(`${tidy(given)}\n`)) expect(tidy(given)).toBe(tidy(wanted));
}

function tidy(text: string): string {
  const narrow = text.replace(/─+/g, '─').replace(/[ \t]+/g, ' ');
  return narrow.replace(/^ | $/gm, '').trim();
}

function valueLike(wanted: unknown): unknown {
  if (wanted === ANYTHING) return expect.toSatisfy(() => true, 'is anything');
  if (typeof wanted === 'string') {
    return wanted.includes(ANYTHING) ? expect.stringMatching(new RegExp(`^${patternOf(wanted)}$`)) : wanted;
  }
  if (Array.isArray(wanted)) {
    const items = wanted.filter((item) => item !== ANYTHING).map(valueLike);
    return items.length < wanted.length ? expect.arrayContaining(items) : items;
  }
  if (typeof wanted !== 'object' || wanted === null) return wanted;
  const { [ANYTHING]: others, ...fields } = wanted as Record<string, unknown>;
  const values = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, valueLike(value)]));
  return others === undefined ? values : expect.objectContaining(values);
}

function patternOf(text: string): string {
  return text
    .split(ANYTHING)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
}

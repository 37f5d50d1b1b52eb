import { randomBytes } from 'node:crypto';
import { KiB, languageFrom, type Milliseconds, nearestName } from '@maque/kit';
import { beforeAll, describe, expect, it } from 'vitest';
import { everyKind } from '../testing/every-kind.ts';
import { wordsOf } from './adapters/database/sqlite/sqlite-words.ts';
import { checkFields, Issues } from './define/check-value.ts';
import { cleanRichText, loadHtmlFilter } from './define/rich-text.ts';
import { encodingFor } from './http/compression.ts';
import { isFresh } from './http/is-fresh.ts';
import { nestsDeeperThan } from './http/json-body.ts';
import { redactText } from './logging/redact.ts';
import { CursorSigner } from './modules/collections/cursor-signer.ts';
import { rawListQuery } from './modules/collections/list-query.ts';
import { isMeantFor } from './modules/collections/record-version.ts';
import { queryValues } from './modules/custom-routes/query-values.ts';
import { networkOf } from './modules/rate-limits/network-of.ts';
import { likeMatches } from './modules/records/like-pattern.ts';
import { requestedRange } from './modules/uploads/byte-range.ts';
import { idsOfAddresses } from './modules/uploads/upload-address.ts';
import { textRuns } from './ports/text-runs.ts';

// What a regular expression takes for its worst input is seen here, or nobody sees it before a stranger does. Filters have
// a test of their own (filter-parser.test.ts), and 1,000 characters at most.

const BYTES = 16 * KiB;
const MAX_MS: Milliseconds = 5;

/** Pieces that make a pattern try again and again when they are repeated. */
const PIECES: readonly string[] = [
  ...[
    'a',
    '0',
    ' ',
    '\t',
    '.',
    ',',
    ';',
    ':',
    '/',
    '-',
    '_',
    '%',
    '"',
    "'",
    '\\',
    '<',
    '>',
    '&',
    '=',
    '(',
    '{',
    '[',
    '\n',
  ],
  ...[
    'a.',
    '-eyJ',
    'eyJa.',
    'Bearer ',
    'W/"a",',
    '"a",',
    ';q=0',
    '; q=0.0',
    '<a ',
    '<a b="',
    '</',
    '<!--',
    '<script>',
  ],
  ...[
    '&#',
    '&a',
    '?a',
    '?a=',
    '1:',
    '::',
    '2026-01-01T',
    '/api/uploads/',
    'mq_',
    '13800138000',
    '茶',
    '👩‍',
    '\u0301\u0316',
  ],
  ...['\u0316\u0301', '\uff9e\u0301', '\ufdfa', '%a', 'zh', ',zh;q=', '<xml><![CDATA['],
];
const ENDS = ['', '!', '"', 'x\0'];

const fields = everyKind.things.fields;
const check = (name: string) => (text: string) =>
  checkFields(fields, { [name]: text }, '', new Issues(), { partial: true });
const signer = new CursorSigner(randomBytes(32));
const attempt = (run: () => unknown) => {
  try {
    run();
  } catch {
    // Refused, which is what is to be quick.
  }
};

beforeAll(loadHtmlFilter);

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'Accept-Encoding': encodingFor,
  'Accept-Language': languageFrom,
  'If-None-Match': (text) => isFresh(text, '"a"'),
  'If-Match': (text) => isMeantFor(text, '"a"'),
  Range: (text) => requestedRange(text, 1_000),
  'X-Forwarded-For': networkOf,
  'a cursor': (text) => signer.open('list', text),
  'a name that is not known': (text) => rawListQuery({ [text]: '1' }),
  'a name to guess at': (text) => nearestName(text.slice(0, 60), Object.keys(fields)),
  'a number of a query': (text) => queryValues({ count: fields.count }, { count: text }),
  'the depth of JSON': (text) => nestsDeeperThan(text, 16),
  'a text': check('title'),
  'a time': check('at'),
  'an id': check('tag'),
  HTML: (text) => cleanRichText(text),
  'a pattern': (text) => likeMatches('%a%b%c%', text),
  'words to search': textRuns,
  'words to index': (text) => wordsOf(text, false),
  'words of HTML to index': (text) => wordsOf(text, true),
  'addresses of uploads': idsOfAddresses,
  'a line of the log': redactText,
};

describe('16 KiB of whatever repeats itself takes no time as', () => {
  it.each(Object.entries(READERS))('%s', (_what, read) => {
    const slow: string[] = [];
    for (const piece of PIECES) {
      for (const end of ENDS) {
        const text = piece.repeat(Math.ceil(BYTES / piece.length)).slice(0, BYTES) + end;
        const tookMs = quickestOf(20, () => attempt(() => read(text)));
        if (tookMs > MAX_MS) slow.push(`${JSON.stringify(piece)}: ${tookMs.toFixed(1)} ms`);
      }
    }
    expect(slow).toEqual([]);
  });
});

/** The shortest time of several tries: this machine may be busy. Quick ones are not tried again. */
function quickestOf(tries: number, run: () => void): Milliseconds {
  let quickest = Number.POSITIVE_INFINITY;
  for (let count = 0; count < tries && quickest > MAX_MS; count += 1) {
    const startedAt = performance.now();
    run();
    quickest = Math.min(quickest, performance.now() - startedAt);
  }
  return quickest;
}

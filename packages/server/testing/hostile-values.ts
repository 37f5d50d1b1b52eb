import fc from 'fast-check';

/** Values that programs trip over. */
export const hostileTexts: readonly string[] = [
  ...[
    '',
    ' ',
    '0',
    '-1',
    'NaN',
    'Infinity',
    '1e400',
    '9007199254740993',
    'null',
    'true',
    '%',
    '%%%',
    '_',
    '!',
    '\\',
  ],
  ...[
    '"',
    "'",
    "' or 1=1 --",
    '"; drop table things',
    '*',
    'a* NOT b',
    'NEAR(a b)',
    '{title} : x',
    '^',
    '(',
    '),(',
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '__proto__.x', 'constructor.name'],
  ...[
    '\0',
    'a\0b',
    '\ud800',
    '\udc00x',
    '\ufeff',
    '\u202e',
    '\ufffd',
    '﷽',
    'e\u0301'.repeat(50),
    '👩‍👩‍👧',
    'İ',
    'ß',
    '绿茶',
  ],
  ...[
    '0000-00-00',
    '+275760-09-14T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '9999-12-31T23:59:60Z',
  ],
  ...[
    '2026-01-01T00:00:00+99:99',
    '2026-01-01T24:00:00Z',
    'ownerId',
    'id',
    'secret',
    'tag.secret',
    'tag.name',
    '-',
  ],
  ...[
    'title',
    '-createdAt',
    'tag',
    'tags',
    'tag.parent',
    'tags.parent',
    'spot,30,120,1000',
    'spot,NaN,0,1',
    '<',
    '&#',
    '../..',
  ],
  ...[
    'title = "a"',
    'tags has "x"',
    'spot near (1, 2, 3)',
    'at > "2026-01-01T00:00:00Z"',
    'tag.parent.name like "%a%"',
  ],
  ...[
    'not (count > 1 or stage in ("open"))',
    'words has "x"',
    'extras.color = "red"',
    'cost_fen > 0',
    'isDone = null',
  ],
  'x'.repeat(201),
  'x'.repeat(9_000),
  '('.repeat(900),
  'a,'.repeat(3_000),
  '%'.repeat(90),
];

export const hostileValues: readonly unknown[] = [
  ...hostileTexts,
  ...[null, true, false, 0, -0, -1, 1.5, 1e308, -1e-308, 2 ** 31, 2 ** 53, 2 ** 53 + 2, -(2 ** 63), 1e21],
  ...[
    [],
    {},
    [[]],
    [{}],
    [null],
    { $gt: 1 },
    { toString: 1 },
    { lat: 1e308, lng: 0 },
    { lat: 91, lng: 181 },
    { lat: 1, lng: 2 },
  ],
  Array.from({ length: 2_000 }, (_, index) => `id${index}`),
  Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`k${index}`, index])),
  JSON.parse(`${'['.repeat(12)}${']'.repeat(12)}`),
];

/** Texts that are no JSON, or JSON that not every reader takes for the same. */
export const hostileJson: readonly string[] = [
  ...[
    '',
    ' ',
    '{',
    '[',
    '"',
    '{"a":}',
    '{"a":1,}',
    '01',
    '+1',
    '1e',
    'NaN',
    'undefined',
    '/*x*/{}',
    '\ufeff{}',
    '\0',
    '{}{}',
  ],
  ...[
    'null',
    '1',
    '"x"',
    '[]',
    '1e400',
    '-1e400',
    '{"__proto__":{"x":1}}',
    '{"constructor":{"prototype":{}}}',
  ],
  ...[
    '{"title":"a","title":"b"}',
    '{"\\u005f_proto__":{"a":1}}',
    '{"title":"\\ud800"}',
    '{"title":"\\u0000"}',
    '{"count":1e400}',
  ],
  ...['{"count":9007199254740993}', '{"count":-0}', '{"anything":{"__proto__":1}}', '{"at":"0000-00-00"}'],
  `${'['.repeat(17)}${']'.repeat(17)}`,
  `{"anything":${'['.repeat(100_000)}`,
  `{"title":"${'a'.repeat(100_000)}"}`,
  `{${Array.from({ length: 5_000 }, (_, index) => `"k${index}":0`).join()}}`,
];

/** Most are hostile, some are anybody's guess. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...hostileTexts) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);

export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...hostileValues) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

const FIELDS = [
  ...[
    'title',
    'story',
    'count',
    'price_fen',
    'isDone',
    'at',
    'stage',
    'anything',
    'extras.color',
    'extras.size',
    'spot',
  ],
  ...[
    'photo',
    'photos',
    'tag',
    'tags',
    'tag.name',
    'tags.parent.name',
    'ownerId',
    'helper',
    'members',
    'address.city',
  ],
  ...['parts', 'words', 'cost_fen', 'createdAt', 'createdBy', 'deletedAt', 'id', 'length', 'name', 'secret'],
];
const anyField = fc.constantFrom(...FIELDS);
const quoted = fc
  .constantFrom(
    'tea',
    '绿茶',
    'open',
    '',
    "x'y",
    '2026-01-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '%a%',
    '__proto__',
    '\ud800',
  )
  .map((text) => JSON.stringify(text));
const operand = fc.oneof(
  quoted,
  fc.constantFrom('1', '-0', '1.5', '9007199254740993', `${'9'.repeat(400)}`, 'true', 'null', 'id'),
);
const anyTerm = fc
  .tuple(
    anyField,
    fc.constantFrom('=', '!=', '>', '>=', '<', '<=', 'like', 'not like', 'has', 'not has', 'in', 'near'),
    operand,
  )
  .map(([field, operator, value]) => {
    if (operator === 'in') return `${field} in (${value}, ${value})`;
    return operator === 'near' ? `${field} near (30, 120, ${value})` : `${field} ${operator} ${value}`;
  });
const { filter: anyFilter } = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    anyTerm,
    fc
      .tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter'))
      .map((parts) => `(${parts.join(' ')})`),
    tie('filter').map((inner) => `not ${inner}`),
  ),
}));

const some = (arbitrary: fc.Arbitrary<string>) =>
  fc.array(arbitrary, { minLength: 1, maxLength: 3 }).map((list) => list.join());

/** What the parameters of a list are sent with, nearly always something that is one. */
export const listParameters: Readonly<Record<string, fc.Arbitrary<string>>> = {
  limit: fc.constantFrom('1', '2', '100', '101', '0'),
  sort: some(fc.tuple(fc.constantFrom('', '-'), anyField).map((parts) => parts.join(''))),
  filter: anyFilter,
  fields: some(anyField),
  expand: some(fc.constantFrom('tag', 'tags', 'tag.parent', 'tags.parent', 'parent', 'parent.parent')),
  search: fc.constantFrom(
    '绿茶',
    'tea leaf',
    'a b c d e f g h i j k l',
    '"',
    '*',
    '茶',
    '\u0301'.repeat(90),
    '-',
    'OR',
    '️',
  ),
  near: fc.constantFrom(
    'spot,30,120,1000',
    'spot,90,180,100000',
    'spot,-90,-180,1',
    'spot,0,179.99999,100000',
  ),
  count: fc.constantFrom('true', 'false', '1'),
};

import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { remarked, writeYaml, type YamlValue } from './index.ts';

const scalars: fc.Arbitrary<YamlValue> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...' \n\t\r:#-?\'"\\|>&*!%@`{}[],~=aé中\u0085\u2028\ufeff😀') }),
  fc.constantFrom('yes', 'NO', 'on', 'y', '1:30', '0x1f', '1e3', '~', '.inf', '2001-01-01', '<<', '=', '---'),
  fc.integer(),
  fc.integer({ min: -999_999, max: 999_999 }).map((thousandths) => thousandths / 1_000),
  fc.boolean(),
  fc.constant(null),
);
const keys = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('on', 'E0', 'a b', '1', '- x', 'a: b'));
const { value: values } = fc.letrec<{ value: YamlValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalars,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

/** Every value with comments above it. */
function withRemarks(value: YamlValue, line: string): YamlValue {
  if (typeof value !== 'object' || value === null) return remarked([line, ''], value);
  if (Array.isArray(value))
    return remarked(
      line,
      value.map((item) => withRemarks(item, line)),
    );
  const entries = Object.entries(value).map(([key, item]) => [key, item && withRemarks(item, line)]);
  return remarked(line, Object.fromEntries(entries));
}

describe('what was written', () => {
  test.each(['1.1', '1.2'] as const)('is read back the same by a reader of YAML %s', (version) => {
    fc.assert(
      fc.property(values, (value) => {
        expect(parse(writeYaml(value), { version, merge: false })).toEqual(value);
      }),
      { numRuns: 1_000 },
    );
  });

  test('is read back the same by PyYAML, which docker-compose uses', () => {
    const many = fc.sample(values, 400);
    const script = 'import sys,json,yaml; print(json.dumps(list(yaml.safe_load_all(sys.stdin.buffer))))';
    const read = execFileSync('/usr/bin/python3', ['-c', script], { input: writeYaml(...many) });
    expect(JSON.parse(read.toString())).toEqual(many);
  });

  test('is not changed by any comment', () => {
    fc.assert(
      fc.property(values, fc.string({ unit: 'binary', maxLength: 30 }), (value, line) => {
        expect(parse(writeYaml(withRemarks(value, line)))).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });
});

test('comments stand above the key or the dash, and an empty line sets parts apart', () => {
  const written = writeYaml(
    remarked('The file', {
      services: { web: remarked(['', 'Of the web'], { image: 'x:1', cpus: remarked('half', 0.5) }) },
      list: [remarked('of the item', { name: remarked('of its name', 'first'), more: [1] })],
    }),
  );
  expect(written).toBe(`# The file
services:

  # Of the web
  web:
    image: "x:1"
    # half
    cpus: 0.5
list:
  # of the item
  # of its name
  - name: first
    more:
      - 1
`);
});

test('text of several lines stands in a block, and double quotes in single ones', () => {
  expect(writeYaml({ script: 'set -e\n\necho "x"\n', expr: 'up{job="app"} == 0' })).toBe(
    'script: |\n  set -e\n\n  echo "x"\nexpr: \'up{job="app"} == 0\'\n',
  );
});

test('several documents, and entries that are left out', () => {
  const written = writeYaml({ kind: 'A', none: undefined }, { kind: 'B' });
  expect(written).toBe('kind: A\n---\nkind: B\n');
  expect(parseAllDocuments(written)).toHaveLength(2);
});

test('a number that readers do not agree on is refused', () => {
  expect(() => writeYaml(1e30)).toThrow(RangeError);
  expect(() => writeYaml(Number.NaN)).toThrow(RangeError);
});

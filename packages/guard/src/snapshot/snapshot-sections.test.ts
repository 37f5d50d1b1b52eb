import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { getHeapSnapshot } from 'node:v8';
import { CodedError } from '@maque/kit';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SnapshotHeader } from './snapshot-header.ts';
import { readSnapshot, type SnapshotEvents, SnapshotSections } from './snapshot-sections.ts';
import { decodeSnapshotString } from './string-section.ts';

/** Everything that a reader tells, put together. */
class Heard implements SnapshotEvents {
  head: SnapshotHeader | null = null;
  readonly numbers: Record<string, number[]> = {};
  readonly raw: Record<string, string> = {};
  readonly strings: string[] = [];
  readonly lengths: number[] = [];

  header(header: SnapshotHeader): void {
    this.head = header;
  }
  section(section: string): void {
    this.numbers[section] = [];
    this.raw[section] = '';
  }
  bytes(bytes: Uint8Array, section: string): void {
    this.raw[section] += Buffer.from(bytes).toString('latin1');
  }
  values(values: Float64Array, count: number, section: string): void {
    for (const value of values.subarray(0, count)) this.numbers[section]?.push(value);
  }
  string(bytes: Uint8Array, length: number): void {
    this.strings.push(decodeSnapshotString(bytes));
    this.lengths.push(length);
  }
}

function hear(bytes: Uint8Array, pieceLength = bytes.length): Heard {
  const heard = new Heard();
  const sections = new SnapshotSections(heard);
  for (let at = 0; at < bytes.length; at += pieceLength) sections.push(bytes.subarray(at, at + pieceLength));
  sections.end();
  return heard;
}

const META = {
  node_fields: ['type', 'name', 'id', 'self_size', 'edge_count'],
  node_types: [['hidden', 'string', 'object', 'code', 'closure'], 'string', 'number', 'number', 'number'],
  edge_fields: ['type', 'name_or_index', 'to_node'],
  edge_types: [['context', 'element', 'property', 'internal', 'hidden'], 'string_or_number', 'node'],
  trace_function_info_fields: ['function_id', 'name'],
  sample_fields: ['timestamp_us', 'last_assigned_id'],
  location_fields: ['object_index', 'script_id', 'line', 'column'],
};

function file(members: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    snapshot: { meta: META, node_count: 1, edge_count: 1, trace_function_count: 1 },
    nodes: [2, 1, 1, 16, 1],
    edges: [2, 1, 0],
    trace_function_infos: [1, 0],
    trace_tree: [1, 0, 3, 24, [2, 0, 1, 8, []]],
    samples: [0, 1],
    locations: [0, 3, 1, 7],
    strings: ['<dummy>', '电话\n', '😀"\\'],
    ...members,
  });
}

/** The code of the error that a text is refused with, and where it says it is wrong. */
function refusal(text: string | Uint8Array): { code: string; at: unknown } {
  const sections = new SnapshotSections({});
  try {
    sections.push(typeof text === 'string' ? Buffer.from(text) : text);
    sections.end();
  } catch (error) {
    if (error instanceof CodedError) return { code: error.code, at: error.data.at };
    throw error;
  }
  return { code: 'none', at: null };
}

describe('a snapshot of this process', () => {
  let bytes: Buffer;
  beforeAll(async () => {
    bytes = await buffer(getHeapSnapshot());
  });

  it('is read as JSON.parse reads it, in whatever pieces it comes', () => {
    const whole = JSON.parse(bytes.toString());
    for (const pieceLength of [61, 65_536, bytes.length]) {
      const heard = hear(bytes, pieceLength);
      expect(heard.head?.nodeFields).toEqual(whole.snapshot.meta.node_fields);
      for (const section of ['nodes', 'edges', 'locations']) {
        // Compared as text: a million numbers take the matcher a minute.
        expect(JSON.stringify(heard.numbers[section]) === JSON.stringify(whole[section])).toBe(true);
        expect(`[${heard.raw[section]}]` === JSON.stringify(whole[section])).toBe(true);
      }
      expect(heard.strings.length).toBe(whole.strings.length);
      expect(heard.strings.every((text, index) => text === whole.strings[index])).toBe(true);
      expect(heard.strings.every((text, index) => text.length === heard.lengths[index])).toBe(true);
    }
  });

  it('is refused when it breaks off, wherever that is', () => {
    const step = Math.floor(bytes.length / 8);
    for (let end = 0; end < bytes.length; end += step) {
      expect(refusal(bytes.subarray(0, end)).code).toBe('SNAPSHOT_TRUNCATED');
    }
  });
});

describe('readSnapshot', () => {
  it('reads pieces of bounded size, however large the source gives them', async () => {
    const text = Buffer.from(
      file({ strings: Array.from({ length: 100_000 }, (_, index) => `text ${index}`) }),
    );
    let longest = 0;
    let count = 0;
    await readSnapshot(Readable.from([text]), {
      bytes: (bytes) => {
        longest = Math.max(longest, bytes.length);
      },
      string: () => {
        count++;
      },
    });
    expect(count).toBe(100_000);
    expect(longest).toBeLessThanOrEqual(262_144);
  });
});

describe('a small file', () => {
  it('has all of its sections told', () => {
    const heard = hear(Buffer.from(file()), 1);
    expect(heard.numbers).toMatchObject({
      nodes: [2, 1, 1, 16, 1],
      edges: [2, 1, 0],
      trace_function_infos: [1, 0],
      samples: [0, 1],
      locations: [0, 3, 1, 7],
    });
    expect(heard.raw.trace_tree).toBe('1,0,3,24,[2,0,1,8,[]]');
    expect(heard.strings).toEqual(['<dummy>', '电话\n', '😀"\\']);
    expect(heard.lengths).toEqual([7, 3, 4]);
  });

  it('may have white space and members that are unknown', () => {
    const spaced = JSON.stringify(JSON.parse(file()), null, 2).replace(
      '"strings"',
      '"later": {"a": ["]", {}]}, "strings"',
    );
    expect(hear(Buffer.from(spaced), 3).numbers.nodes).toEqual([2, 1, 1, 16, 1]);
  });

  it('may have numbers above 32 bits', () => {
    expect(hear(Buffer.from(file({ nodes: [2, 1, 1, 2 ** 52, 1] }))).numbers.nodes?.[3]).toBe(2 ** 52);
  });

  it('has long strings cut, and counted whole', () => {
    const lengths: number[] = [];
    const kept: number[] = [];
    const sections = new SnapshotSections({
      string: (bytes, length) => {
        lengths.push(length);
        kept.push(decodeSnapshotString(bytes).length);
      },
    });
    const text = Buffer.from(file({ strings: ['a'.repeat(100_000), '\u0001'.repeat(100_000), 'b'] }));
    for (let at = 0; at < text.length; at += 777) sections.push(text.subarray(at, at + 777));
    sections.end();
    expect(lengths).toEqual([100_000, 100_000, 1]);
    expect(kept[0]).toBeGreaterThan(16_000);
    expect(kept.every((length) => length <= 16_384)).toBe(true);
  });
});

describe('a file that is no snapshot', () => {
  it.each([
    ['nothing', '', 'SNAPSHOT_TRUNCATED'],
    ['another text', 'PK\u0003\u0004', 'SNAPSHOT_MALFORMED'],
    ['an empty object', '{}', 'SNAPSHOT_MALFORMED'],
    ['something after the end', `${file()}x`, 'SNAPSHOT_MALFORMED'],
    ['no head', file({ snapshot: undefined }), 'SNAPSHOT_SECTION_ORDER'],
    ['a head without meta', file({ snapshot: {} }), 'SNAPSHOT_UNSUPPORTED'],
    ['a head that nests', file({ snapshot: { a: [[[[[[[[[1]]]]]]]]] } }), 'SNAPSHOT_UNSUPPORTED'],
    ['a head that is huge', file({ snapshot: { a: 'a'.repeat(70_000) } }), 'SNAPSHOT_TOO_LARGE'],
    [
      'a head with free text',
      file({ snapshot: { meta: META, comment: '13800138000!' } }),
      'SNAPSHOT_UNSUPPORTED',
    ],
    ['no nodes', file({ nodes: undefined }), 'SNAPSHOT_SECTION_ORDER'],
    ['strings twice', `${file().slice(0, -1)},"strings":[]}`, 'SNAPSHOT_SECTION_ORDER'],
    ['no strings', file({ strings: undefined }), 'SNAPSHOT_SECTION_ORDER'],
    ['fewer nodes than promised', file({ nodes: [] }), 'SNAPSHOT_COUNT_WRONG'],
    ['half a node', file({ nodes: [1, 2, 3] }), 'SNAPSHOT_COUNT_WRONG'],
    ['half a location', file({ locations: [1, 2, 3] }), 'SNAPSHOT_COUNT_WRONG'],
    ['negative numbers', file({ nodes: [-1, 1, 1, 1, 1] }), 'SNAPSHOT_MALFORMED'],
    ['fractions', file({ nodes: [1.5, 1, 1, 1, 1] }), 'SNAPSHOT_MALFORMED'],
    ['enormous numbers', file().replace('16,1]', `${'9'.repeat(400)},1]`), 'SNAPSHOT_MALFORMED'],
    ['a number in two pieces', file().replace('16,1]', '1 6,1]'), 'SNAPSHOT_MALFORMED'],
    ['an empty place', file().replace('16,1]', ',1]'), 'SNAPSHOT_MALFORMED'],
    ['a comma at the end', file().replace('16,1]', '16,1,]'), 'SNAPSHOT_MALFORMED'],
    ['nodes that are an object', file({ nodes: {} }), 'SNAPSHOT_MALFORMED'],
    ['nodes that are null', file({ nodes: null }), 'SNAPSHOT_MALFORMED'],
    ['strings that are numbers', file({ strings: [1] }), 'SNAPSHOT_MALFORMED'],
    ['a wrong escape', file().replace('<dummy>', String.raw`\x`), 'SNAPSHOT_MALFORMED'],
    ['half an escape', file().replace('<dummy>', String.raw`\u12`), 'SNAPSHOT_MALFORMED'],
    ['a raw line break in a string', file().replace('<dummy>', '\n'), 'SNAPSHOT_MALFORMED'],
    ['a member that nests for ever', `{"a":${'['.repeat(100_000)}`, 'SNAPSHOT_MALFORMED'],
    ['a tree that nests for ever', file().replace('[2,0,1,8,[]]', '['.repeat(100_000)), 'SNAPSHOT_TOO_LARGE'],
    ['text in the tree', file({ trace_tree: ['13800138000'] }), 'SNAPSHOT_MALFORMED'],
    ['a name without end', `{"${'a'.repeat(1_000)}`, 'SNAPSHOT_MALFORMED'],
  ])('is refused: %s', (_what, text, code) => {
    expect(refusal(text).code).toBe(code);
  });

  it('is told with the byte', () => {
    const text = file().replace('16,1]', '16,x]');
    expect(refusal(text).at).toBe(text.indexOf('x]'));
  });

  it('is refused or read, never a crash, whatever bytes are changed', () => {
    const good = Buffer.from(file());
    const edits = fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(edits, fc.integer({ min: 1, max: 64 }), (changes, pieceLength) => {
        const bytes = Buffer.from(good);
        for (const [at, byte] of changes) bytes[at] = byte;
        try {
          hear(bytes, pieceLength);
        } catch (error) {
          expect(error).toBeInstanceOf(CodedError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

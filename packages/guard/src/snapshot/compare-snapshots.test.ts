import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '@maque/kit';
import { type TempFolder, tempFolder } from '@maque/testkit/process/temp-folder';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltNode, buildSnapshot } from '../../fixtures/build-snapshot.ts';
import { compareSnapshots, type SnapshotComparison } from './compare-snapshots.ts';
import { pathText } from './comparison-text.ts';

let folder: TempFolder;
beforeAll(async () => {
  folder = await tempFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

/** Enough objects that stay for the ids to be trusted: the root, a holder, and 150 others. */
function base(...holderEdges: number[]): BuiltNode[] {
  const filler = Array.from({ length: 150 }, (_, place) => ({ name: 'Filler', size: 16 + place * 8 }));
  return [
    {
      type: 'synthetic',
      name: '',
      edges: [
        { name: 'holder', to: 1 },
        ...filler.map((_, place) => ({ type: 'element', name: place, to: place + 2 })),
      ],
    },
    { name: 'Holder', edges: holderEdges.map((to) => ({ name: `item${to}`, to })) },
    ...filler,
  ];
}
const FIRST_NEW = 152;

async function compare(before: string, after: string): Promise<SnapshotComparison> {
  const files = [join(folder.path, 'a.heapsnapshot'), join(folder.path, 'b.heapsnapshot')] as const;
  await writeFile(files[0], before);
  await writeFile(files[1], after);
  return compareSnapshots(...files);
}

const refusal = (before: string, after: string) =>
  compare(before, after).then(
    () => 'none',
    (error: unknown) => (error instanceof CodedError ? error.code : String(error)),
  );

describe('a comparison', () => {
  it('finds nothing where nothing is new', async () => {
    const file = buildSnapshot(base());
    expect(await compare(file, file)).toMatchObject({ sameProcess: true, growing: [], buffers: null });
  });

  it('counts what is new with the object that hangs on an old one', async () => {
    const after = [
      ...base(FIRST_NEW),
      { name: 'Order', size: 40, edges: [{ name: 'lines', to: FIRST_NEW + 1 }] },
      { type: 'string', name: 'a long text', size: 5_000 },
    ];
    const { growing } = await compare(buildSnapshot(base()), buildSnapshot(after));
    expect(growing).toHaveLength(1);
    expect(growing[0]).toMatchObject({ name: 'Order', newCount: 1, ownedGrowth: 5_040, sizeAfter: 40 });
    expect(growing[0]?.holder).toMatchObject({ by: '.holder', what: 'Holder', entries: 1, share: 1 });
  });

  it('goes through hidden parts only where there is no other way, and never through weak references', async () => {
    const after = base();
    const [root, holder, ...filler] = after as [BuiltNode, BuiltNode, ...BuiltNode[]];
    const hidden = FIRST_NEW + 1;
    const nodes: BuiltNode[] = [
      { ...root, edges: [...(root.edges ?? []), { type: 'internal', name: 'map', to: hidden }] },
      { ...holder, edges: [{ name: 'list', to: hidden + 1 }] },
      ...filler,
      { name: 'Kept', size: 1_000 },
      {
        type: 'hidden',
        name: 'system / Map',
        edges: [
          { type: 'internal', name: 'x', to: FIRST_NEW },
          { type: 'weak', name: 'y', to: hidden + 2 },
        ],
      },
      { name: 'List', edges: [{ name: 'kept', to: FIRST_NEW }] },
      { name: 'OnlyWeak', size: 1_000_000 },
    ];
    const { growing } = await compare(buildSnapshot(base()), buildSnapshot(nodes));
    expect(growing.map(({ name }) => name)).not.toContain('OnlyWeak');
    expect(pathText(growing[0]?.paths[0]?.steps ?? [])).toBe('.holder Holder → .list List');
  });

  it('reads a chain of 200,000 within seconds and leaves out its middle', async () => {
    const length = 200_000;
    const link = (place: number): BuiltNode => ({
      name: place === length - 1 ? 'End' : 'Link',
      size: place === length - 1 ? 50_000_000 : 16,
      edges: place === length - 1 ? [] : [{ name: 'next', to: FIRST_NEW + place + 1 }],
    });
    const after = [...base(FIRST_NEW), ...Array.from({ length }, (_, place) => link(place))];
    const { growing } = await compare(buildSnapshot(base()), buildSnapshot(after));
    const end = growing.find(({ name }) => name === 'Link');
    expect(end?.newCount).toBe(length - 1);
    expect(JSON.stringify(growing).length).toBeLessThan(200_000);
  });

  it('leaves no scratch file', async () => {
    await compare(buildSnapshot(base()), buildSnapshot(base()));
    await refusal(buildSnapshot(base()), buildSnapshot(base()).slice(0, -10));
    expect((await readdir(folder.path)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('trusts ids only where both snapshots mean the same objects', async () => {
    const other = base().map((node, place) => ({ ...node, size: 3 * place + 7, type: 'closure' }));
    expect(await compare(buildSnapshot(base()), buildSnapshot(other))).toMatchObject({ sameProcess: false });
  });
});

describe('a file that is hostile or damaged', () => {
  const good = buildSnapshot(base(FIRST_NEW).concat({ name: 'Order' }));

  it.each([
    [
      'claims 2^40 nodes',
      good.replace(/"node_count":\d+/, `"node_count":${2 ** 40}`),
      'SNAPSHOT_COUNT_TOO_LARGE',
    ],
    [
      'claims more edges than it has bytes for',
      good.replace(/"edge_count":\d+/, '"edge_count":9999999'),
      'SNAPSHOT_COUNT_TOO_LARGE',
    ],
    [
      'has an edge out of range',
      buildSnapshot([...base(), { name: 'A', edges: [{ name: 'x', to: 5_000 }] }]),
      'SNAPSHOT_EDGE_INVALID',
    ],
    [
      'has an edge between nodes',
      buildSnapshot([...base(), { name: 'A', edges: [{ name: 'x', to: 1.5 }] }]),
      'SNAPSHOT_EDGE_INVALID',
    ],
    ['has a negative edge', good.replace(/"edges":\[2/, '"edges":[-2'), 'SNAPSHOT_MALFORMED'],
    ['has nodes of no type', good.replace(/"nodes":\[7/, '"nodes":[70'), 'SNAPSHOT_TYPE_UNKNOWN'],
    ['has no head', good.replace('"snapshot"', '"head"'), 'SNAPSHOT_SECTION_ORDER'],
    ['has a head without fields', good.replace('"node_fields"', '"fields"'), 'SNAPSHOT_UNSUPPORTED'],
    ['is empty', '', 'SNAPSHOT_TRUNCATED'],
    ['breaks off', good.slice(0, good.length / 2), 'SNAPSHOT_TRUNCATED'],
  ])('is refused: %s', async (_what, bad, code) => {
    expect([await refusal(bad, good), await refusal(good, bad)]).toContain(code);
  });

  it('is refused when nodes count other edges than there are', async () => {
    const bad = buildSnapshot([...base(), { name: 'A' }]).replace(/16,0,0\]/, '16,1,0]');
    expect(await refusal(good, bad)).toBe('SNAPSHOT_EDGES_MISCOUNTED');
  });

  it('is compared or refused, never a crash, whatever numbers are changed', async () => {
    const number = /\d+/g;
    const places = [...good.matchAll(number)].map(({ index }) => index);
    const edits = fc.array(
      fc.tuple(fc.nat(places.length - 1), fc.oneof(fc.nat(2_000), fc.maxSafeNat(), fc.constant(2 ** 32))),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        let place = 0;
        const changed = new Map(changes);
        const bad = good.replace(number, (digits) => String(changed.get(place++) ?? digits));
        for (const outcome of [await refusal(good, bad), await refusal(bad, good)]) {
          expect(outcome === 'none' || /^SNAPSHOT_/.test(outcome) ? 'fine' : outcome).toBe('fine');
        }
      }),
      { numRuns: 100 },
    );
  });
});

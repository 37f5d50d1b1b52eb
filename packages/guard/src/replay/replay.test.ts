import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { MiB } from '@maque/kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ReplaySummary, type ReplayVerdict, replay } from './replay.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const header = { header: 1, heapLimit: 448 * MiB, maxOldSpace: 256 * MiB, containerLimit: 512 * MiB };
const floorAt = (t: number): number => Math.floor(t / 10) * 10;
const leak = (t: number): number => (12 + t * 0.5) * MiB;

/** A trace that leaks half a MiB a second, or the guard's own samples of the same. */
const trace = (seconds: number): object[] => [
  header,
  ...Array.from({ length: seconds * 2 }, (_, index) => {
    const t = (index + 1) / 2;
    return {
      t,
      rss: leak(t) + 80 * MiB,
      heapTotal: leak(t) + 30 * MiB,
      heapUsed: leak(t) + (t - floorAt(t)) * MiB,
      external: 4 * MiB,
      lastMajorT: floorAt(t),
      heapAfterMajor: leak(floorAt(t)),
      minors: index,
      req: [index, 2 * index],
    };
  }),
  { end: 1, exit: 0 },
];
const ownMemory = (seconds: number): object[] =>
  Array.from({ length: seconds * 2 }, (_, index) => {
    const t = (index + 1) / 2;
    return {
      uptimeMs: t * 1000,
      heapUsed: leak(t),
      heapTotal: leak(t) + 30 * MiB,
      heapFloor: leak(floorAt(t)),
      heapFloorAtMs: floorAt(t) * 1000,
      heapLimit: 256 * MiB,
      external: 4 * MiB,
      anonymous: leak(t) + 80 * MiB,
      gcMinors: index,
      boxLimit: 2048 * MiB,
      boxUsed: 900 * MiB,
    };
  });
const text = (lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

async function play(
  name: string,
  content: string | Uint8Array,
): Promise<{ said: ReplayVerdict[]; summary: ReplaySummary }> {
  const path = join(folder, name);
  await writeFile(path, content);
  const said: ReplayVerdict[] = [];
  const verdicts = replay(path);
  for (;;) {
    const next = await verdicts.next();
    if (next.done === true) return { said, summary: next.value };
    said.push(next.value);
  }
}

describe('a replay', () => {
  it('says of a trace, packed or not, what each pool looked like every five seconds', async () => {
    const plain = await play('leak.jsonl', text(trace(200)));
    expect(plain.summary).toEqual({ samples: 400, skipped: 0 });
    expect(plain.said.length).toBe(40 * 3);
    const heap = plain.said.filter(({ pool }) => pool === 'heap');
    expect(heap[0]).toEqual({
      t: 0.5,
      pool: 'heap',
      verdict: 'not-enough-evidence',
      probability: 0,
      timeToLimitMs: null,
    });
    expect(heap.at(-1)).toMatchObject({ verdict: 'leaking' });
    expect(heap.at(-1)?.probability).toBeGreaterThan(0.9);
    // 512 seconds of growth make 256 MiB; of V8's own limit, which counts the young generation, it would be 872.
    expect(heap.at(-1)?.timeToLimitMs).toBeLessThan(330_000);
    const packed = await play('leak.jsonl.gz', gzipSync(text(trace(200))));
    expect(packed.said).toEqual(plain.said);
  });

  it("reads what the guard's listeners are told, and its history", async () => {
    const told = ownMemory(200).map((memory, index) => ({ memory, requests: { total: 2 * index } }));
    const history = ownMemory(200).map((memory, index) => ({ ...memory, requestsTotal: 2 * index }));
    const fromListener = await play('told.jsonl', text(told));
    expect(fromListener.summary).toEqual({ samples: 400, skipped: 0 });
    expect(fromListener.said.filter(({ pool }) => pool === 'heap').at(-1)?.verdict).toBe('leaking');
    expect((await play('history.jsonl', text(history))).said).toEqual(fromListener.said);
  });

  it('skips and counts what is no sample: broken lines, other values, numbers that are text, time that goes back', async () => {
    const [first, ...rest] = trace(100);
    const bad = [
      '{"t":1,"heapUs',
      '[1,2]',
      'null',
      '"text"',
      '{}',
      '{"t":"1","heapUsed":1}',
      '{"t":0.1,"heapUsed":5}',
    ];
    const { summary } = await play('bad.jsonl', `${text([first ?? {}])}${text(rest)}${bad.join('\n')}\n\n`);
    expect(summary).toEqual({ samples: 200, skipped: bad.length });
  });

  it('takes samples without a header for nothing', async () => {
    const { said, summary } = await play('headless.jsonl', text(trace(20).slice(1)));
    expect(said).toEqual([]);
    expect(summary).toEqual({ samples: 0, skipped: 40 });
  });

  it('begins anew with a second header', async () => {
    const { said, summary } = await play('two.jsonl', text([...trace(100), ...trace(30)]));
    expect(summary.samples).toBe(260);
    expect(said.at(-1)?.t).toBeLessThan(31);
  });

  it('plays what there is of a file that breaks off inside its packing', async () => {
    const packed = gzipSync(text(trace(200)));
    const { summary } = await play('cut.jsonl.gz', packed.subarray(0, packed.length / 2));
    expect(summary.samples).toBeGreaterThan(50);
    expect(summary.samples).toBeLessThan(400);
    expect(summary.skipped).toBeGreaterThan(0);
  });

  it('does not hold a line without an end', async () => {
    const { summary } = await play(
      'long.jsonl',
      `${text(trace(10).slice(0, -1))}${'x'.repeat(3_000_000)}\n${text([{ end: 1 }])}`,
    );
    expect(summary).toEqual({ samples: 20, skipped: 1 });
  });

  it('says which file cannot be read', async () => {
    await expect(replay(join(folder, 'none.jsonl')).next()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses a pace or a horizon that cannot be', async () => {
    await expect(replay('any', { everyMs: 0 }).next()).rejects.toThrow(RangeError);
    await expect(replay('any', { horizonMs: -1 }).next()).rejects.toThrow(RangeError);
  });
});

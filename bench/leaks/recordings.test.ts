import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ReplayVerdict, replay } from '@maque/guard/replay';
import { expect, it } from 'vitest';

interface Label {
  readonly name: string;
  readonly file: string;
  readonly kind: string;
  readonly leaking: boolean;
  readonly leak_start_s: number | null;
  readonly exhaustion_t_s: number | null;
}

const ALARM = 0.9;
const WANTED_LEAD = 0.6;
const folder = join(import.meta.dirname, 'recordings');
const { horizon_s: horizonSeconds, traces } = JSON.parse(
  readFileSync(join(folder, 'index.json'), 'utf8'),
) as {
  horizon_s: number;
  traces: Label[];
};

async function alarms(file: string): Promise<ReplayVerdict[]> {
  const said: ReplayVerdict[] = [];
  for await (const verdict of replay(join(folder, file), { horizonMs: horizonSeconds * 1000 })) {
    if (verdict.probability >= ALARM) said.push(verdict);
  }
  return said;
}

it('there are recordings of at least fifteen leaks in all pools, and of as many healthy services', () => {
  expect(traces.filter(({ leaking }) => leaking).length).toBeGreaterThanOrEqual(15);
  expect(traces.filter(({ leaking }) => !leaking).length).toBeGreaterThanOrEqual(15);
  expect(new Set(traces.map(({ kind }) => kind))).toEqual(new Set(['healthy', 'heap', 'external', 'native']));
});

it.each(traces.filter(({ leaking }) => !leaking))('$name: no alarm', async ({ file }) => {
  expect(await alarms(file)).toEqual([]);
});

it.each(traces.filter(({ leaking }) => leaking))('$name: found in time', async (label) => {
  const { file, leak_start_s: start, exhaustion_t_s: exhausted } = label;
  if (start === null || exhausted === null) throw new Error('a leak without its times');
  const [first] = await alarms(file);
  expect(first?.t).toBeGreaterThan(start);
  expect((exhausted - (first?.t ?? exhausted)) / (exhausted - start)).toBeGreaterThan(WANTED_LEAD);
});

import { describe, expect, it } from 'vitest';
import { runNode } from '../../fixtures/run-node.ts';
import type { SlowTurnsState } from './slow-turns.ts';

const GUARD = JSON.stringify(new URL('../watch.ts', import.meta.url).href);

interface Told {
  readonly slowTurns: SlowTurnsState;
  readonly note: { readonly en: string; readonly zh: string } | null;
  readonly metrics: string;
}

/** An app that does `work` again and again, each time for a request, until the guard has something to tell or gives up. */
async function runApp(
  work: string,
  { gapMs = 60, patienceMs = 8_000, flags = [] as string[] } = {},
): Promise<Told> {
  const script = `
    import { watch } from ${GUARD};
    const guard = watch();
    ${work}
    const begun = performance.now();
    const isOver = () => guard.state().slowTurns.reports.length > 0 || performance.now() - begun > ${patienceMs};
    while (!isOver()) {
      guard.meter.start();
      await new Promise((resolve) => setTimeout(resolve, ${gapMs}));
      work();
      guard.meter.end('GET /', 1, 200);
    }
    console.log(JSON.stringify({
      slowTurns: guard.state().slowTurns, note: guard.status().slowTurnNote,
      metrics: guard.metrics().split('\\n').filter((line) => line.includes('slow_turn')).join('\\n'),
    }));
    process.exit();`;
  const { stdout, stderr } = await runNode([...flags, '--input-type=module', '-e', script]);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Told;
}

describe('turns of the event loop that are slow', () => {
  it('have their function named when they recur, and are counted', async () => {
    const { slowTurns, note, metrics } = await runApp(`
      function sumUp(ms) {
        let sum = 0;
        for (const end = performance.now() + ms; performance.now() < end; ) {
          for (let index = 0; index < 10_000; index += 1) sum += Math.sqrt(sum + index);
        }
        return sum;
      }
      function quick() { return sumUp(10); }
      function parsePrices() { return sumUp(150); }
      function work() { quick(); parsePrices(); }`);
    const [report] = slowTurns.reports;
    expect(report?.causes.code).toBeGreaterThanOrEqual(3);
    expect(report?.functions[0]).toMatchObject({
      at: { function: 'sumUp', line: 5 },
      owner: 'app',
      inside: null,
    });
    expect(report?.functions[0]?.share).toBeGreaterThan(0.8);
    expect(report?.longestMs).toBeGreaterThanOrEqual(100);
    expect(slowTurns).toMatchObject({ refused: null });
    expect(slowTurns.count).toBeGreaterThanOrEqual(2);
    expect(note?.en).toMatch(/took 100 ms or more within .*, the longest .*; \d+ % of that in sumUp \(/);
    expect(note?.zh).toContain('sumUp');
    expect(metrics).toMatch(/maque_event_loop_slow_turns_total [1-9]/);
    expect(metrics).toMatch(/maque_event_loop_slow_turn_seconds_total 0\.[1-9]|seconds_total [1-9]/);
  });

  it.each([
    ['toJson', 'function toJson() { return JSON.stringify(rows).length; }'],
    ['matchName', "function matchName() { return /^(a+)+$/.test('a'.repeat(23) + 'b'); }"],
  ])('are blamed on %s and not on what is built in', async (name, source) => {
    const { slowTurns } = await runApp(`
      const rows = Array.from({ length: 5_000 }, (_, id) => ({ id, name: 'name' + id, tags: [id, id] }));
      ${source}
      function work() {
        for (const end = performance.now() + 150; performance.now() < end; ) ${name}();
      }`);
    expect(slowTurns.reports[0]?.functions[0]?.at).toMatchObject({ function: name });
  });

  it('are not blamed on functions when they are collections of garbage', async () => {
    const { slowTurns } = await runApp(
      `
      const kept = [];
      for (let index = 0; index < 1_500_000; index += 1) kept.push({ index, more: [index] });
      function work() { gc(); gc(); return kept.length; }`,
      { gapMs: 20, patienceMs: 4_000, flags: ['--expose-gc', '--max-old-space-size=512'] },
    );
    expect(slowTurns.count).toBeGreaterThan(0);
    expect(slowTurns.reports.flatMap(({ functions }) => functions)).toEqual([]);
  });
});

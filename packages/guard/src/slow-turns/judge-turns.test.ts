import { describe, expect, it } from 'vitest';
import type { StackFrame } from '../explain/stack-frame.ts';
import { judgeTurns } from './judge-turns.ts';
import { type ProfiledSample, profiledSamples } from './profiled-samples.ts';
import type { SlowTurn } from './turn-clock.ts';

function frame(functionName: string, url: string, line = 1): StackFrame {
  return { functionName, url, line, column: 1 };
}

const PARSE = frame('parsePrices', 'file:///srv/app/prices.js', 41);
const LIST = frame('listProducts', 'file:///srv/app/shop.js', 12);
const HASH = frame('hashSync', 'file:///srv/app/node_modules/bcryptjs/index.js', 9);
const READ = frame('readFileSync', 'node:fs', 440);

/** A turn that is one piece of work. */
function alone(fromMs: number, toMs: number): SlowTurn {
  return { fromMs, toMs, work: { fromMs, toMs } };
}

/** Samples of 10 ms, one after the other. */
function run(
  ...parts: readonly (readonly [count: number, sample: StackFrame[] | ProfiledSample['state']])[]
) {
  let atMs = 0;
  const samples = parts.flatMap(([count, what]) =>
    Array.from({ length: count }, (): ProfiledSample => {
      atMs += 10;
      const isState = typeof what === 'string';
      const state = isState ? what : 'code';
      return { fromMs: atMs - 10, toMs: atMs, state, stack: isState ? [] : what };
    }),
  );
  return { samples, turn: alone(0, atMs) };
}

describe('what slow turns are spent on', () => {
  it("is the app's function nearest to the work, with what it called", () => {
    const { samples, turn } = run([12, [PARSE, LIST]], [3, [READ, LIST]], [2, [LIST]], [20, [HASH, LIST]]);
    const { causes, codeMs, functions } = judgeTurns([turn], samples);
    expect(causes).toEqual({ code: 1, collection: 0, crowd: 0, starved: 0 });
    expect(codeMs).toBe(370);
    expect(functions).toEqual([
      { frame: LIST, owner: 'app', inside: 'hashSync of bcryptjs', totalMs: 250, turns: 1, longestMs: 250 },
      { frame: PARSE, owner: 'app', inside: null, totalMs: 120, turns: 0, longestMs: 120 },
    ]);
  });

  it("is a package's function where none of the app's is on the stack", () => {
    const { samples, turn } = run([12, [READ, HASH]]);
    expect(judgeTurns([turn], samples).functions[0]).toMatchObject({
      frame: HASH,
      owner: 'package',
      inside: 'readFileSync of node:fs',
    });
    const own = run([12, [READ]]);
    expect(judgeTurns([own.turn], own.samples).functions[0]).toMatchObject({ frame: READ, inside: null });
  });

  it('is not a function when it is garbage collection; collections within work do not count as work', () => {
    const mostly = run([6, [PARSE]], [7, 'collection']);
    expect(judgeTurns([mostly.turn], mostly.samples)).toMatchObject({
      causes: { collection: 1 },
      functions: [],
    });
    const partly = run([8, [PARSE]], [6, 'collection']);
    expect(judgeTurns([partly.turn], partly.samples).functions[0]?.totalMs).toBe(80);
  });

  it('is not a function when a crowd was served in one go', () => {
    const { samples, turn } = run([20, [PARSE]]);
    const crowd = { ...turn, work: { fromMs: 30, toMs: 70 } };
    expect(judgeTurns([crowd], samples)).toMatchObject({ causes: { crowd: 1 }, functions: [] });
  });

  it('is the long piece of work, not the short ones that had to wait for it', () => {
    const { samples, turn } = run([8, [PARSE]], [9, [LIST]]);
    const { causes, codeMs, functions } = judgeTurns([{ ...turn, work: { fromMs: 0, toMs: 80 } }], samples);
    expect(causes.code).toBe(1);
    expect(codeMs).toBe(80);
    expect(functions.map(({ frame }) => frame)).toEqual([PARSE]);
  });

  it('is not a function when the process did not run', () => {
    const stopped: ProfiledSample = { fromMs: 0, toMs: 3_000, state: 'code', stack: [PARSE] };
    const turn = alone(0, 3_000);
    expect(judgeTurns([turn], [stopped])).toMatchObject({ causes: { starved: 1 }, functions: [] });
    expect(judgeTurns([turn], [])).toMatchObject({ causes: { starved: 1 }, codeMs: 0 });
    // Many short pieces of work, one of them interrupted for long.
    const { samples, turn: crowd } = run([20, [PARSE]]);
    const late = samples.filter(({ fromMs }) => fromMs < 100 || fromMs >= 150);
    expect(judgeTurns([{ ...crowd, work: { fromMs: 95, toMs: 155 } }], late)).toMatchObject({
      causes: { starved: 1 },
      functions: [],
    });
  });

  it('counts each turn for the function that took most of it', () => {
    const first = run([12, [PARSE]], [2, [LIST]]);
    const later = run([14, [LIST]]).samples.map((sample) => ({
      ...sample,
      fromMs: sample.fromMs + 1_000,
      toMs: sample.toMs + 1_000,
    }));
    const turns = [first.turn, alone(1_000, 1_140)];
    const { functions } = judgeTurns(turns, [...first.samples, ...later]);
    expect(functions.map(({ turns, longestMs }) => ({ turns, longestMs }))).toEqual([
      { turns: 1, longestMs: 140 },
      { turns: 1, longestMs: 120 },
    ]);
  });
});

describe("the samples of V8's profile", () => {
  it('are its stacks in the order of time, on the scale of the start that is given', () => {
    const node = (id: number, functionName: string, url: string, children: readonly number[]) => ({
      id,
      callFrame: { functionName, url, lineNumber: 4, columnNumber: 2 },
      children,
    });
    const nodes = [
      node(1, '(root)', '', [2, 4, 5]),
      node(2, 'outer', 'file:///a.js', [3]),
      node(3, 'inner', 'file:///a.js', []),
      node(4, '(garbage collector)', '', []),
      node(5, '(idle)', '', []),
    ];
    const profile = {
      nodes,
      startTime: 777,
      samples: [5, 3, 4, 9],
      timeDeltas: [2_000, 10_000, -500, 1_000],
    };
    const samples = profiledSamples(profile, 1_000);
    expect(samples.map(({ fromMs, toMs, state }) => [fromMs, toMs, state])).toEqual([
      [1_000, 1_002, 'idle'],
      [1_002, 1_012, 'code'],
      [1_012, 1_012, 'collection'],
      [1_012, 1_013, 'native'],
    ]);
    expect(samples[1]?.stack).toEqual([
      { functionName: 'inner', url: 'file:///a.js', line: 5, column: 3 },
      { functionName: 'outer', url: 'file:///a.js', line: 5, column: 3 },
    ]);
  });
});

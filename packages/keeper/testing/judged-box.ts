import { MiB, SECOND } from '@maque/kit';
import { type BoxDecision, type BoxMemory, FRESH_MEMORY } from '../src/box/box-decision.ts';
import type { BoxView, WorkerView } from '../src/box/box-view.ts';
import { judgeBox } from '../src/box/judge-box.ts';

export const RULES = { recycleMs: 11 * SECOND };

interface Sizes {
  readonly mib?: number;
  readonly budgetMib?: number;
  readonly rateMib?: number;
  readonly phase?: WorkerView['phase'];
}

/** A worker of 100 MiB within its budget of 165, but for what is told. */
export function worker(id: string, { mib = 100, budgetMib = 165, rateMib = 0, phase = 'ready' }: Sizes = {}) {
  const rate = rateMib * MiB;
  const view: WorkerView = {
    id,
    pid: Number(id.slice(1)),
    phase,
    budgetBytes: budgetMib * MiB,
    growth: { bytes: mib * MiB, rateNow: rate, rateLasting: rate },
    risingFloor: null,
    heap: null,
  };
  return view;
}

/** A cgroup of 512 MiB, half used, with two workers that stand still. */
function box(change: Partial<BoxView> = {}): BoxView {
  return {
    atMs: 100_000,
    kind: 'cgroup',
    limitBytes: 512 * MiB,
    usedBytes: 250 * MiB,
    swapUsedBytes: 0,
    swapFreeBytes: 0,
    stall: 0,
    workers: [worker('w1'), worker('w2')],
    others: { bytes: 50 * MiB, rateNow: 0, rateLasting: 0 },
    neighbours: [],
    oomKills: { own: 0, elsewhere: 0 },
    ...change,
  };
}

/** Judges one look after the other, a quarter of a second apart. */
export class Bench {
  memory: BoxMemory = FRESH_MEMORY;
  atMs = 100_000;

  look(change: Partial<BoxView> = {}): BoxDecision {
    this.atMs += 250;
    const { decision, memory } = judgeBox(box({ atMs: this.atMs, ...change }), this.memory, RULES);
    this.memory = memory;
    return decision;
  }

  /** Looks for a while; answers what was to be done on the way, and the last decision. */
  hold(ms: number, change: Partial<BoxView>) {
    const asked: string[] = [];
    let last = this.look(change);
    for (let passed = 0; passed <= ms; passed += 250) {
      for (const verdict of [last.recycle, last.kill]) {
        if (verdict !== null) asked.push(`${verdict.code} ${verdict.worker}`);
      }
      last = this.look(change);
    }
    return { asked, last };
  }
}

/** What is decided at a first look. */
export const judge = (change: Partial<BoxView>) => new Bench().look(change);

import type { Milliseconds } from '@maque/kit';
import { type FrameOwner, ownerOf, packageOf, type StackFrame } from '../explain/stack-frame.ts';
import type { ProfiledSample } from './profiled-samples.ts';
import { SLOW_TURN_MS, type SlowTurnCause } from './slow-turns-report.ts';
import type { SlowTurn } from './turn-clock.ts';

/** Time that slow turns spent in one function and what it called. */
export interface FunctionTime {
  readonly frame: StackFrame;
  readonly owner: FrameOwner;
  readonly inside: string | null;
  readonly totalMs: Milliseconds;
  readonly turns: number;
  readonly longestMs: Milliseconds;
}

export interface JudgedTurns {
  readonly causes: Readonly<Record<SlowTurnCause, number>>;
  /** Of the turns whose cause is code, collections left out. */
  readonly codeMs: Milliseconds;
  /** The one with most time first. */
  readonly functions: readonly FunctionTime[];
}

// A stack stands for no more time than this, three samples: where there was none for longer, nobody knows what ran, and
// most likely nothing did.
const MAX_WEIGHT_MS: Milliseconds = 30;

// Half of the shortest slow turn: pieces of work that are all shorter make it slow together.
const LONG_WORK_MS: Milliseconds = SLOW_TURN_MS / 2;

/** Says what slow turns were spent on. Pure. */
export function judgeTurns(turns: readonly SlowTurn[], samples: readonly ProfiledSample[]): JudgedTurns {
  const causes = { code: 0, collection: 0, crowd: 0, starved: 0 };
  const tallies = new Map<string, FunctionTally>();
  let codeMs = 0;
  for (const turn of turns) {
    const piece = spentIn(turn.work, samples);
    const cause = causeOf(turn, spentIn(turn, samples), piece);
    causes[cause] += 1;
    if (cause !== 'code') continue;
    codeMs += piece.workMs;
    addTurn(tallies, piece.work);
  }
  const functions = [...tallies.values()].map((tally) => tally.read());
  return { causes, codeMs, functions: functions.sort((a, b) => b.totalMs - a.totalMs) };
}

interface Spent {
  readonly workMs: Milliseconds;
  readonly collectionMs: Milliseconds;
  /** Its parts with the stack of each; empty where there was none. */
  readonly work: readonly { readonly stack: readonly StackFrame[]; readonly ms: Milliseconds }[];
}

function spentIn({ fromMs, toMs }: SlowTurn['work'], samples: readonly ProfiledSample[]): Spent {
  const work = [];
  let workMs = 0;
  let collectionMs = 0;
  for (const sample of samples) {
    const overlapMs = Math.min(sample.toMs, toMs) - Math.max(sample.fromMs, fromMs);
    if (overlapMs <= 0 || sample.state === 'idle') continue;
    const ms = Math.min(overlapMs, MAX_WEIGHT_MS);
    if (sample.state === 'collection') {
      collectionMs += ms;
    } else {
      workMs += ms;
      work.push({ stack: sample.stack, ms });
    }
  }
  return { workMs, collectionMs, work };
}

function causeOf({ fromMs, toMs, work }: SlowTurn, all: Spent, piece: Spent): SlowTurnCause {
  if (all.workMs + all.collectionMs < (toMs - fromMs) / 2) return 'starved';
  if (all.collectionMs >= all.workMs) return 'collection';
  if (work.toMs - work.fromMs < LONG_WORK_MS) return 'crowd';
  // A short piece of work takes long when others get the processor in the midst of it.
  return piece.workMs < LONG_WORK_MS ? 'starved' : 'code';
}

function addTurn(tallies: Map<string, FunctionTally>, work: Spent['work']): void {
  const inThisTurn = new Map<FunctionTally, Milliseconds>();
  for (const { stack, ms } of work) {
    const named = namedFrame(stack);
    const leaf = stack[0];
    if (named === undefined || leaf === undefined) continue;
    const key = `${named.url}:${named.line}:${named.column}:${named.functionName}`;
    const tally = tallies.get(key) ?? new FunctionTally(named);
    tallies.set(key, tally);
    tally.add(leaf === named ? null : nameInside(leaf), ms);
    inThisTurn.set(tally, (inThisTurn.get(tally) ?? 0) + ms);
  }
  const mostMs = Math.max(...inThisTurn.values());
  for (const [tally, ms] of inThisTurn) tally.endTurn(ms, ms === mostMs);
}

/** The frame to name: the app's own nearest to the work, else a package's, else whatever worked. */
function namedFrame(stack: readonly StackFrame[]): StackFrame | undefined {
  return (
    stack.find(({ url }) => ownerOf(url) === 'app') ??
    stack.find(({ url }) => ownerOf(url) === 'package') ??
    stack[0]
  );
}

class FunctionTally {
  readonly #frame: StackFrame;
  /** Time by what was working when another function was; what is called from one function is bounded by its text. */
  readonly #inside = new Map<string, Milliseconds>();
  #totalMs = 0;
  #turns = 0;
  #longestMs = 0;

  constructor(frame: StackFrame) {
    this.#frame = frame;
  }

  add(inside: string | null, ms: Milliseconds): void {
    this.#totalMs += ms;
    if (inside !== null) this.#inside.set(inside, (this.#inside.get(inside) ?? 0) + ms);
  }

  endTurn(ms: Milliseconds, tookMost: boolean): void {
    this.#longestMs = Math.max(this.#longestMs, ms);
    if (tookMost) this.#turns += 1;
  }

  read(): FunctionTime {
    const [inside] = [...this.#inside].sort(([, a], [, b]) => b - a);
    return {
      frame: this.#frame,
      owner: ownerOf(this.#frame.url),
      inside: inside !== undefined && inside[1] >= this.#totalMs / 2 ? inside[0] : null,
      totalMs: this.#totalMs,
      turns: this.#turns,
      longestMs: this.#longestMs,
    };
  }
}

const MAX_NAME = 100;

/** A function that is not the app's, as people read it: `hashSync of bcryptjs`, `readFileSync of node:fs`. */
function nameInside({ functionName, url }: StackFrame): string | null {
  const owner = ownerOf(url);
  if (owner === 'builtin') return functionName.slice(0, MAX_NAME);
  if (owner !== 'package' && owner !== 'node') return null;
  const name = functionName === '' ? '(anonymous)' : functionName;
  return `${name} of ${packageOf(url) ?? url}`.slice(0, MAX_NAME);
}

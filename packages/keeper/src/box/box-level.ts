import { type Milliseconds, SECOND } from '@maque/kit';
import type { PressureLevel } from '../protocol/messages.ts';
import type { BoxMemory, BoxReason } from './box-decision.ts';
import { usedShare } from './box-room.ts';
import type { BoxView } from './box-view.ts';

interface Rule {
  readonly elevated: number;
  readonly critical: number;
  /** How far below a value has to fall until it counts as over. */
  readonly slack: number;
}

// As the guard judges from inside (earlyoom asks processes to end at 0.90 and kills at 0.95; systemd-oomd kills at a
// stall of 0.6 over 30 s).
const USED: Rule = { elevated: 0.9, critical: 0.95, slack: 0.03 };
const STALL: Rule = { elevated: 0.1, critical: 0.4, slack: 0.05 };
// Writing many files stalls a box that has room; and in version 1 the stalls are the machine's, not the group's.
const STALL_FROM_SHARE = 0.75;
// As urgency, 1 / seconds: jobs that begin now would be cut when 20 s are left, requests when 5 are.
const URGENCY: Rule = { elevated: 1 / 20, critical: 1 / 5, slack: 1 / 60 };

// A level that comes and goes would open and close every worker's doors.
const HOLD_MS: Milliseconds = 5 * SECOND;

const ORDER: readonly PressureLevel[] = ['none', 'elevated', 'critical'];

export interface Growing {
  /** Growth that no budget bounds: of workers beyond theirs, and of others. */
  readonly bytesPerSecond: number;
  /** When the box is full at that pace; infinite while nothing grows. */
  readonly limitInMs: Milliseconds;
}

export type LevelMemory = Pick<BoxMemory, 'level' | 'calmerSinceMs' | 'criticalSinceMs'>;

/**
 * The level from now on: it rises at once and falls after five calm seconds.
 * @param remedied somebody who grows beyond its budget is already being dealt with: shedding the others' load would
 * cost requests and bring nothing, so that the level stays at elevated.
 */
export function nextLevel(
  view: BoxView,
  growing: Growing,
  remedied: boolean,
  memory: LevelMemory,
): LevelMemory {
  const most: PressureLevel = remedied ? 'elevated' : 'critical';
  const risen = lower(most, levelOf(view, growing, 0));
  // What is between the two thresholds stays where it was.
  const held = lower(most, lower(memory.level, levelOf(view, growing, 1)));
  const wanted = higher(risen, held);
  const falls = ORDER.indexOf(wanted) < ORDER.indexOf(memory.level);
  const calmerSinceMs = falls ? earlier(memory.calmerSinceMs, view.atMs) : null;
  const level = falls && view.atMs - (calmerSinceMs ?? view.atMs) < HOLD_MS ? memory.level : wanted;
  return {
    level,
    calmerSinceMs: level === memory.level ? calmerSinceMs : null,
    criticalSinceMs: level === 'critical' ? earlier(memory.criticalSinceMs, view.atMs) : null,
  };
}

/** What is short at the moment, of the box itself. */
export function shortages(view: BoxView, growing: Growing): BoxReason[] {
  const { usedBytes, limitBytes, kind } = view;
  const stall = stallOf(view);
  const reasons: BoxReason[] = [];
  if (usedBytes !== null && exceeds(usedShare(view), USED, 1)) {
    reasons.push({ code: 'box-full', kind, usedBytes, limitBytes });
  }
  if (exceeds(urgency(growing), URGENCY, 1)) reasons.push({ code: 'limit-near', ...growing });
  if (exceeds(stall, STALL, 1)) reasons.push({ code: 'memory-stall', share: stall });
  return reasons;
}

function stallOf(view: BoxView): number {
  return usedShare(view) >= STALL_FROM_SHARE ? (view.stall ?? 0) : 0;
}

function levelOf(view: BoxView, growing: Growing, slack: 0 | 1): PressureLevel {
  const measured: [number, Rule][] = [
    [usedShare(view), USED],
    [stallOf(view), STALL],
    [urgency(growing), URGENCY],
  ];
  if (measured.some(([value, rule]) => value >= rule.critical - slack * rule.slack)) return 'critical';
  return measured.some(([value, rule]) => exceeds(value, rule, slack)) ? 'elevated' : 'none';
}

function exceeds(value: number, rule: Rule, slack: 0 | 1): boolean {
  return value >= rule.elevated - slack * rule.slack;
}

function urgency({ limitInMs }: Growing): number {
  return SECOND / Math.max(1, limitInMs);
}

/** A clock that jumped back begins the time anew. */
function earlier(sinceMs: Milliseconds | null, nowMs: Milliseconds): Milliseconds {
  return sinceMs === null || sinceMs > nowMs ? nowMs : sinceMs;
}

function lower(a: PressureLevel, b: PressureLevel): PressureLevel {
  return ORDER.indexOf(a) < ORDER.indexOf(b) ? a : b;
}

function higher(a: PressureLevel, b: PressureLevel): PressureLevel {
  return lower(a, b) === a ? b : a;
}

import { type Milliseconds, SECOND } from '@maque/kit';
import type { MemorySample } from '../sample/memory-sample.ts';

export type PressureLevel = 'none' | 'elevated' | 'critical';

/** What can be short. */
export type PressureCode = keyof typeof RULES;

/** Where each level begins. */
export interface PressureLimit {
  readonly elevated: number;
  readonly critical: number;
}

export type PressureLimits = Readonly<Record<PressureCode, PressureLimit>>;

export interface PressureReason extends PressureLimit {
  /** `outside`: somebody who sees more than this process says so, its keeper for one. */
  readonly code: PressureCode | 'outside';
  readonly level: 'elevated' | 'critical';
  readonly value: number;
}

export interface Pressure {
  readonly level: PressureLevel;
  /** Everything that is short, the worst first. */
  readonly reasons: readonly PressureReason[];
}

// An app that sheds load allocates little, so its next major collection may be long in coming, and a floor that was high
// once would keep it shut for ever. An old floor is no evidence: requests come in, V8 collects (near its limit often),
// and the new floor decides.
const FLOOR_TRUST_MS: Milliseconds = 15 * SECOND;

/**
 * What is looked at. Heap in use is not among them: it may rise to the limit on garbage alone, since V8 collects when it
 * must; what lives shows after a major collection only.
 */
const RULES = {
  /** Share of the old-space limit that survived the last major collection. */
  'heap-floor': (sample: MemorySample) =>
    sample.heapFloor === null || sample.uptimeMs - (sample.heapFloorAtMs ?? 0) > FLOOR_TRUST_MS
      ? null
      : sample.heapFloor / sample.heapLimit,
  /** Share of time that collections take. */
  'gc-time': (sample: MemorySample) => sample.gcShare,
  /** How late, in ms, the event loop comes half of the time. The median, since one long block is over when it is seen. */
  'loop-delay': (sample: MemorySample) => sample.loopDelayP50Ms,
  /** Share of the control group's or the machine's memory that is in use for good. */
  'box-memory': (sample: MemorySample) =>
    sample.boxUsed === null || sample.boxLimit === null ? null : sample.boxUsed / sample.boxLimit,
  /** Share of time in which nothing could run for lack of memory. */
  'memory-stall': (sample: MemorySample) => sample.memoryStall,
};

export const DEFAULT_PRESSURE_LIMITS: PressureLimits = Object.freeze({
  // Runs driven into their limit died at 0.91 to 0.99 of it; below 0.85 they collect without hurry.
  'heap-floor': { elevated: 0.85, critical: 0.92 },
  // Ten healthy services recorded: 0.03 at most. From 0.6 on the collector has more of the core than the app.
  'gc-time': { elevated: 0.3, critical: 0.6 },
  // A request waits for two turns of the loop or more: 0.1 s is felt, 0.5 s is a fault.
  'loop-delay': { elevated: 50, critical: 250 },
  // earlyoom asks processes to end at 0.90 and kills at 0.95.
  'box-memory': { elevated: 0.9, critical: 0.95 },
  // systemd-oomd kills at 0.6 over 30 s: react well before.
  'memory-stall': { elevated: 0.1, critical: 0.4 },
});

/** Judges one sample. What is not known is not short. */
export function judgePressure(sample: MemorySample, limits: PressureLimits): Pressure {
  const reasons: PressureReason[] = [];
  for (const code of PRESSURE_CODES) {
    const value = RULES[code](sample);
    const limit = limits[code];
    if (value === null || !(value >= limit.elevated)) continue;
    reasons.push({ code, level: value >= limit.critical ? 'critical' : 'elevated', value, ...limit });
  }
  reasons.sort((a, b) => Number(b.level === 'critical') - Number(a.level === 'critical'));
  return { level: reasons[0]?.level ?? 'none', reasons };
}

export const PRESSURE_CODES = Object.keys(RULES) as readonly PressureCode[];

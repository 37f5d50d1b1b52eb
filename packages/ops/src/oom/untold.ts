import type { Kill } from './kill.ts';

/** A kill of which nothing is told yet. */
export const UNTOLD = {
  pid: null,
  name: null,
  anonRssKb: null,
  rssKb: null,
  processes: 1,
  signal: null,
  constraint: null,
  constraintInferred: false,
  cgroup: null,
  limitCgroup: null,
  limitKb: null,
  oomScoreAdj: null,
  unit: null,
  container: null,
  kernel: null,
  culprit: null,
  invokedBy: null,
  memory: [],
  memoryLeftOut: { programs: 0, residentKb: 0, swappedKb: 0 },
  freeSwapKb: null,
  totalSwapKb: null,
  ramKb: null,
  complete: true,
} as const satisfies Partial<Kill>;

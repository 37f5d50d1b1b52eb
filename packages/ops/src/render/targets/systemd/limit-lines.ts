import { MiB } from '@maque/kit';
import { limitFormulas } from '../../../plan/box/limits.ts';
import type { PlannedService } from '../../../plan/box/planned-service.ts';
import { type ConfigEntry, numbered } from '../../config-lines.ts';
import { meanings } from './meanings.ts';

/** Of the budget; see the meaning of MemorySwapMax. */
const SWAP_SHARE = 0.25;
const OPEN_FILES = 65_535;
const RESTART_SECONDS = 2;
const START_SECONDS = 4;
const START_INTERVAL_SECONDS = 600;

type Limits = Pick<PlannedService, 'budgetBytes' | 'memoryMaxBytes' | 'memoryHighBytes' | 'oomScoreAdj'>;

/** What a service may take of the box, and who goes first when nothing is left. */
export function limitLines(limits: Limits): readonly ConfigEntry[] {
  const { budgetBytes, memoryMaxBytes, memoryHighBytes, oomScoreAdj } = limits;
  const formulas = limitFormulas(limits);
  const swapBytes = Math.floor(SWAP_SHARE * budgetBytes);
  return [
    numbered(meanings.MemoryHigh, formulas.high, `MemoryHigh=${memoryHighBytes}`),
    numbered(meanings.MemoryMax, formulas.max, `MemoryMax=${memoryMaxBytes}`),
    numbered(meanings.MemorySwapMax, `${SWAP_SHARE} × ${inMiB(budgetBytes)}`, `MemorySwapMax=${swapBytes}`),
    numbered(meanings.OOMScoreAdjust, '', `OOMScoreAdjust=${oomScoreAdj}`),
  ];
}

/** @param tasks with the formula that they come from */
export function processLines(tasks: {
  readonly most: number;
  readonly formula: string;
}): readonly ConfigEntry[] {
  return [
    numbered(meanings.TasksMax, tasks.formula, `TasksMax=${tasks.most}`),
    numbered(meanings.LimitNOFILE, '', `LimitNOFILE=${OPEN_FILES}`),
  ];
}

/** For the section `[Unit]`. */
export function startLimitLines(): readonly ConfigEntry[] {
  const burst = START_INTERVAL_SECONDS / (RESTART_SECONDS + START_SECONDS);
  const formula = `${START_INTERVAL_SECONDS} ÷ (${RESTART_SECONDS} + ${START_SECONDS})`;
  return [
    numbered(meanings.StartLimitInterval, '', `StartLimitIntervalSec=${START_INTERVAL_SECONDS}`),
    numbered(meanings.StartLimitBurst, formula, `StartLimitBurst=${burst}`),
  ];
}

export function restartLines(): readonly ConfigEntry[] {
  return ['Restart=always', numbered(meanings.RestartSec, '', `RestartSec=${RESTART_SECONDS}`)];
}

export function inMiB(bytes: number): string {
  return `${Math.round((bytes / MiB) * 10) / 10} MiB`;
}

import type { ClosingStack } from '@maque/kit';
import type { BoxPlan } from '@maque/ops/plan';
import type { RenderedFile } from '@maque/ops/render';
import type { MemoryCgroup } from '../measure/memory-cgroup.ts';
import type { PrivatePrograms } from './private-programs.ts';

/** Where one run of a rendered box lies. */
export interface BoxContext {
  readonly plan: BoxPlan;
  readonly files: readonly RenderedFile[];
  readonly folder: string;
  readonly node: string;
  readonly programs: PrivatePrograms;
  readonly closing: ClosingStack;
  /** Ports of the run, in place of the usual ones. */
  readonly ports: BoxPorts;
  /** A part of the box's group with the limit that its unit has; the command to enter it. */
  enter(service: string, unit: string): BoxPart;
}

export interface BoxPorts {
  readonly app: number;
  readonly metrics: number;
  readonly http: number;
  readonly https: number;
  readonly mariadb: number;
  readonly redis: number;
}

/** One service of the box: its group, and how to get into it. */
export interface BoxPart {
  readonly service: string;
  readonly cgroup: MemoryCgroup;
  readonly launcher: readonly string[];
}

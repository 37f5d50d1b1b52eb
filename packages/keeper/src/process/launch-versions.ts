import { isDeepStrictEqual } from 'node:util';
import { FIRST_VERSION } from '../policy/model.ts';
import type { LaunchPlan } from './launch-plan.ts';

// What serves, what comes in, and what a worker that is just ending was started with.
const VERSIONS_KEPT = 3;

/** What workers are launched with, by version: what comes in, and what a failure returns to. */
export class LaunchVersions {
  readonly #plans = new Map<number, LaunchPlan>();
  #newest = FIRST_VERSION;

  constructor(first: LaunchPlan) {
    this.#plans.set(FIRST_VERSION, first);
  }

  /** The plan of a version, or the newest when that one is long gone. */
  plan(version: number): LaunchPlan {
    const plan = this.#plans.get(version) ?? this.#plans.get(this.#newest);
    if (plan === undefined) throw new RangeError(`there is no version ${version}`);
    return plan;
  }

  /** Adds a plan, keeping what serves. @returns its version. */
  add(plan: LaunchPlan, serving: number): number {
    this.#newest += 1;
    this.#plans.set(this.#newest, plan);
    for (const version of [...this.#plans.keys()].sort((a, b) => a - b)) {
      if (this.#plans.size <= VERSIONS_KEPT) break;
      if (version !== serving && version !== this.#newest) this.#plans.delete(version);
    }
    return this.#newest;
  }

  /** Whether a version that serves can be started again after another: its code must lie elsewhere, or its settings differ. */
  differ(one: number, other: number): boolean {
    return !isDeepStrictEqual(this.plan(one), this.plan(other));
  }
}

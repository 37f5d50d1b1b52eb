import { decide } from '../src/policy/decide.ts';
import {
  type Decision,
  initialState,
  type KeeperState,
  type Policy,
  type PolicyAction,
  type PolicyEvent,
  type WorkerFacts,
} from '../src/policy/model.ts';
import type { ExitCause } from '../src/process/exit-cause.ts';

export const POLICY: Policy = {
  workers: 2,
  surge: true,
  bootTimeoutMs: 30_000,
  probeTimeoutMs: 5_000,
  hangNoticeMs: 2_000,
  hangTimeoutMs: 10_000,
  drainTimeoutMs: 10_000,
  autopsyTimeoutMs: 45_000,
  recycleIdleGraceMs: 6_500,
  stopIdleGraceMs: 200,
  stableAfterMs: 60_000,
  backoffBaseMs: 1_000,
  backoffCapMs: 30_000,
  maxAgeMs: null,
  maxRequests: null,
  recycleLeaks: true,
};

export const WELL: WorkerFacts = { requests: 1_000, perSecond: 100, leak: null };
export const LEAKING: WorkerFacts = { ...WELL, leak: { probability: 0.95, timeToLimitMs: 20 * 60_000 } };

export const CRASH: ExitCause = { cause: 'UNCAUGHT_ERROR', exitCode: 1, signal: null, reason: null };
export const GONE: ExitCause = { cause: 'RECYCLED', exitCode: 0, signal: null, reason: null };

/** Drives a keeper's policy by hand: time moves only when told, and actions are what came out last. */
export class Desk {
  state: KeeperState;
  actions: readonly PolicyAction[] = [];
  atMs = 1_000;
  random = 0.5;
  /** What heartbeats say; of a worker that is not here, that all is well. */
  readonly facts = new Map<string, WorkerFacts>();
  /** The newest. */
  version = 1;
  /** The fewest workers that were left serving whenever one was drained. */
  fewestServing = Number.POSITIVE_INFINITY;

  constructor(policy: Partial<Policy> = {}) {
    this.state = initialState({ ...POLICY, ...policy }, this.atMs);
    this.send({ type: 'tick' });
  }

  send(event: PolicyEvent): Decision {
    const decision = decide(this.state, event, { atMs: this.atMs, random: this.random });
    this.state = decision.state;
    this.actions = decision.actions;
    if (decision.actions.some(({ type }) => type === 'drain')) {
      const serving = decision.state.workers.filter(({ phase }) => phase === 'ready').length;
      this.fewestServing = Math.min(this.fewestServing, serving);
    }
    return decision;
  }

  /** Lets time pass in quarter-second ticks; answers every action on the way. Living workers keep reporting. */
  wait(ms: number, silent: readonly string[] = []): PolicyAction[] {
    const seen: PolicyAction[] = [];
    for (let passed = 0; passed < ms; passed += 250) {
      this.atMs += 250;
      for (const worker of this.state.workers) {
        if (worker.phase === 'ready' && !silent.includes(worker.id)) this.beat(worker.id);
      }
      seen.push(...this.send({ type: 'tick' }).actions);
    }
    return seen;
  }

  ready(...ids: string[]): this {
    for (const id of ids) {
      this.send({ type: 'ready', id, info: {} });
      this.send({ type: 'probed', id, failure: null });
    }
    return this;
  }

  beat(id: string): void {
    this.send({ type: 'heartbeat', id, facts: this.facts.get(id) ?? WELL });
  }

  /** All that starts gets ready, and what is drained or killed ends, until nobody is under way. */
  settle(): string[] {
    const codes: string[] = [];
    for (let round = 0; round < 100; round += 1) {
      for (const { id, phase } of this.state.workers) {
        if (phase === 'starting') this.ready(id);
        if (phase === 'draining' || phase === 'killed') this.send({ type: 'exited', id, exit: GONE });
        codes.push(...notesOf(this.actions));
      }
      codes.push(...notesOf(this.wait(250)));
    }
    return codes;
  }

  versions(): Record<string, number> {
    return Object.fromEntries(this.state.workers.map(({ id, version }) => [id, version]));
  }

  crash(id: string): readonly PolicyAction[] {
    return this.send({ type: 'exited', id, exit: CRASH }).actions;
  }

  phases(): Record<string, string> {
    return Object.fromEntries(this.state.workers.map(({ id, phase }) => [id, phase]));
  }
}

export function notesOf(actions: readonly PolicyAction[]): string[] {
  return ofType(actions, 'note').map(({ code }) => code);
}

export function ofType<Type extends PolicyAction['type']>(actions: readonly PolicyAction[], type: Type) {
  return actions.filter((action) => action.type === type) as Extract<PolicyAction, { type: Type }>[];
}

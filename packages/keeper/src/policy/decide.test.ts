import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExitCause } from '../process/exit-cause.ts';
import { decide } from './decide.ts';
import {
  type Decision,
  initialState,
  type KeeperState,
  type Policy,
  type PolicyAction,
  type PolicyEvent,
  type WorkerFacts,
} from './model.ts';

const POLICY: Policy = {
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

const WELL: WorkerFacts = { requests: 1_000, perSecond: 100, leak: null };
const LEAKING: WorkerFacts = { ...WELL, leak: { probability: 0.95, timeToLimitMs: 20 * 60_000 } };

const CRASH: ExitCause = { cause: 'UNCAUGHT_ERROR', exitCode: 1, signal: null, reason: null };
const GONE: ExitCause = { cause: 'RECYCLED', exitCode: 0, signal: null, reason: null };

/** Drives a keeper's policy by hand: time moves only when told, and actions are what came out last. */
class Desk {
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

function notesOf(actions: readonly PolicyAction[]): string[] {
  return ofType(actions, 'note').map(({ code }) => code);
}

function ofType<Type extends PolicyAction['type']>(actions: readonly PolicyAction[], type: Type) {
  return actions.filter((action) => action.type === type) as Extract<PolicyAction, { type: Type }>[];
}

describe('decide: starting', () => {
  it('starts the first worker alone and the rest once it serves', () => {
    const desk = new Desk({ workers: 3 });
    expect(desk.phases()).toEqual({ w1: 'starting' });
    desk.ready('w1');
    expect(ofType(desk.actions, 'spawn').map(({ id }) => id)).toEqual(['w2', 'w3']);
  });

  it('gives up with the error of a first worker that dies before anybody served', () => {
    const desk = new Desk();
    desk.send({ type: 'failed', id: 'w1', failure: { code: 'PORT_IN_USE', message: '8080 is taken' } });
    const [end] = ofType(desk.crash('w1'), 'end');
    expect(end?.failure).toEqual({
      worker: 'w1',
      exit: CRASH,
      told: { code: 'PORT_IN_USE', message: '8080 is taken' },
    });
    expect(desk.state.mode).toBe('over');
    expect(desk.wait(60_000)).toEqual([]);
  });

  it('kills a worker that never gets ready, and starts no other', () => {
    const desk = new Desk();
    const actions = desk.wait(31_000);
    expect(ofType(actions, 'kill')).toEqual([{ type: 'kill', id: 'w1' }]);
    expect(ofType(actions, 'spawn')).toEqual([]);
  });
});

describe('decide: deaths', () => {
  it('replaces the first death at once, under the lowest free name', () => {
    const desk = new Desk().ready('w1').ready('w2');
    expect(ofType(desk.crash('w1'), 'spawn')).toEqual([{ type: 'spawn', id: 'w1', restarts: 1, version: 1 }]);
  });

  it('waits longer after each further death, up to the cap, and forgets them after a stable time', () => {
    const desk = new Desk({ workers: 1 }).ready('w1');
    const waits: number[] = [];
    for (let death = 0; death < 9; death += 1) {
      desk.crash('w1');
      let waited = 0;
      while (desk.phases().w1 === undefined) {
        desk.wait(250);
        waited += 250;
      }
      waits.push(waited);
      desk.ready('w1');
    }
    expect(waits).toEqual([0, 750, 1_500, 3_000, 6_000, 12_000, 22_500, 22_500, 22_500]);
    desk.wait(60_000);
    expect(ofType(desk.crash('w1'), 'spawn')).toHaveLength(1);
  });

  it('kills a worker that falls silent, but never one that has not yet reported', () => {
    const desk = new Desk().ready('w1', 'w2');
    desk.beat('w1');
    const actions = desk.wait(12_000, ['w1', 'w2']);
    expect(ofType(actions, 'kill')).toEqual([{ type: 'kill', id: 'w1' }]);
  });

  it('blames nobody for a time in which the keeper itself did not run', () => {
    const desk = new Desk().ready('w1', 'w2');
    desk.beat('w1');
    desk.atMs += 3_600_000;
    desk.send({ type: 'tick' });
    expect(desk.actions.map((action) => action.type === 'note' && action.code)).toEqual(['KEEPER_STALLED']);
  });
});

describe('decide: recycling', () => {
  it('with room for one more: starts the new one, waits for it, then drains the old one, one at a time', () => {
    const desk = new Desk().ready('w1', 'w2');
    desk.send({ type: 'recycle', ids: ['w1', 'w2'], reason: 'asked' });
    expect(desk.phases()).toEqual({ w1: 'ready', w2: 'ready', w3: 'starting' });
    desk.ready('w3');
    expect(desk.phases()).toEqual({ w1: 'draining', w2: 'ready', w3: 'ready' });
    desk.send({ type: 'exited', id: 'w1', exit: GONE });
    expect(desk.phases()).toEqual({ w2: 'ready', w3: 'ready', w1: 'starting' });
    desk.ready('w1').send({ type: 'exited', id: 'w2', exit: GONE });
    expect(desk.phases()).toEqual({ w3: 'ready', w1: 'ready' });
    expect(desk.actions.map((action) => action.type === 'note' && action.code)).toEqual([
      'WORKER_EXITED',
      'WORKER_RECYCLED',
      'RECYCLE_DONE',
    ]);
  });

  it('without room: drains first while the others serve, and the next only when the new one serves', () => {
    const desk = new Desk({ surge: false }).ready('w1', 'w2');
    desk.send({ type: 'recycle', ids: ['w1', 'w2'], reason: 'asked' });
    expect(desk.phases()).toEqual({ w1: 'draining', w2: 'ready' });
    desk.send({ type: 'exited', id: 'w1', exit: GONE });
    expect(desk.phases()).toEqual({ w2: 'ready', w1: 'starting' });
    desk.ready('w1');
    expect(desk.phases()).toEqual({ w2: 'draining', w1: 'ready' });
  });

  it('tells how many serve when the new one does not start', () => {
    const desk = new Desk({ workers: 2, surge: false }).ready('w1', 'w2');
    desk.send({ type: 'recycle', ids: ['w1'], reason: 'asked' });
    desk.send({ type: 'exited', id: 'w1', exit: GONE });
    desk.crash('w2');
    const notes = ofType(desk.crash('w1'), 'note');
    expect(notes.find(({ code }) => code === 'RECYCLE_FAILED')?.data).toEqual({ worker: 'w1', serving: 0 });
  });

  it('keeps the old worker when the new one does not start, and leaves the rest alone', () => {
    const desk = new Desk().ready('w1', 'w2');
    desk.send({ type: 'recycle', ids: ['w1', 'w2'], reason: 'asked' });
    const codes = desk.crash('w3').map((action) => action.type === 'note' && action.code);
    expect(codes).toContain('RECYCLE_FAILED');
    desk.wait(60_000);
    expect(desk.phases()).toEqual({ w1: 'ready', w2: 'ready' });
  });

  it('kills a worker that outlasts its drain', () => {
    const desk = new Desk().ready('w1', 'w2');
    desk.send({ type: 'recycle', ids: ['w1'], reason: 'asked' });
    desk.ready('w3');
    expect(ofType(desk.wait(12_000), 'kill')).toEqual([{ type: 'kill', id: 'w1' }]);
  });
});

describe('decide: stopping', () => {
  it('drains all, kills what only starts, and ends when the last is gone', () => {
    const desk = new Desk({ workers: 3 }).ready('w1').ready('w2');
    desk.send({ type: 'stop', reason: 'SIGTERM', immediately: false });
    expect(desk.phases()).toEqual({ w1: 'draining', w2: 'draining', w3: 'killed' });
    for (const id of ['w1', 'w2']) desk.send({ type: 'exited', id, exit: GONE });
    expect(ofType(desk.actions, 'end')).toEqual([]);
    desk.send({ type: 'exited', id: 'w3', exit: GONE });
    expect(ofType(desk.actions, 'end')).toEqual([{ type: 'end', failure: null }]);
  });

  it('kills all at a second word', () => {
    const desk = new Desk().ready('w1', 'w2');
    desk.send({ type: 'stop', reason: 'SIGTERM', immediately: false });
    desk.send({ type: 'stop', reason: 'SIGTERM', immediately: true });
    expect(ofType(desk.actions, 'kill').map(({ id }) => id)).toEqual(['w1', 'w2']);
  });
});

describe('decide: probing', () => {
  it('believes a worker once it has answered', () => {
    const desk = new Desk();
    desk.send({ type: 'ready', id: 'w1', info: {} });
    expect(ofType(desk.actions, 'probe')).toEqual([{ type: 'probe', id: 'w1' }]);
    expect(desk.state.mode).toBe('starting');
    desk.send({ type: 'probed', id: 'w1', failure: null });
    expect(desk.state.mode).toBe('running');
  });

  it.each([
    [
      'says why',
      (desk: Desk) => desk.send({ type: 'probed', id: 'w3', failure: '/healthz answers 503' }).actions,
    ],
    ['never answers', (desk: Desk) => desk.wait(6_000)],
  ])('lets no worker take over that %s', (_what, fail) => {
    const desk = new Desk().ready('w1', 'w2');
    desk.send({ type: 'recycle', ids: ['w1'], reason: 'asked' });
    desk.send({ type: 'ready', id: 'w3', info: {} });
    const actions = fail(desk);
    expect(ofType(actions, 'kill')).toEqual([{ type: 'kill', id: 'w3' }]);
    expect(notesOf(actions)).toContain('PROBE_FAILED');
    desk.crash('w3');
    expect(desk.phases()).toEqual({ w1: 'ready', w2: 'ready' });
  });
});

describe('decide: silence', () => {
  it('has a silent worker examined once in a silence, and leaves it alone when it speaks again', () => {
    const desk = new Desk().ready('w1', 'w2');
    desk.beat('w1');
    expect(ofType(desk.wait(9_000, ['w1']), 'examine-hang')).toEqual([
      { type: 'examine-hang', id: 'w1', silentMs: 2_250 },
    ]);
    desk.beat('w1');
    expect(ofType(desk.wait(20_000), 'kill')).toEqual([]);
    expect(ofType(desk.wait(3_000, ['w1']), 'examine-hang')).toHaveLength(1);
  });
});

describe('decide: what cannot stay', () => {
  it('replaces a worker that will run out of memory, at a quiet moment, and lets it examine itself', () => {
    const desk = new Desk().ready('w1', 'w2');
    desk.wait(60_000);
    desk.facts.set('w2', LEAKING);
    expect(ofType(desk.wait(9_000), 'spawn')).toEqual([]);
    expect(ofType(desk.wait(60_000), 'spawn')).toEqual([]);
    desk.facts.set('w2', { ...LEAKING, perSecond: 20 }).set('w1', { ...WELL, perSecond: 20 });
    expect(ofType(desk.wait(1_000), 'spawn')).toHaveLength(1);
    expect(ofType(desk.ready('w3').actions, 'drain')).toMatchObject([
      { id: 'w2', reason: 'leak', autopsy: true },
    ]);
  });

  it('waits no longer than a quarter of the time that is left', () => {
    const desk = new Desk().ready('w1', 'w2');
    desk.facts.set('w1', { ...LEAKING, leak: { probability: 0.99, timeToLimitMs: 4 * 60_000 } });
    expect(ofType(desk.wait(65_000), 'spawn')).toEqual([]);
    expect(ofType(desk.wait(10_000), 'spawn')).toHaveLength(1);
  });

  it('believes no single forecast', () => {
    const desk = new Desk().ready('w1', 'w2');
    for (let time = 0; time < 20; time += 1) {
      desk.facts.set('w1', { ...LEAKING, perSecond: 0 });
      desk.wait(5_000);
      desk.facts.set('w1', WELL);
      desk.wait(5_000);
    }
    expect(desk.state.recycleQueue).toEqual([]);
    expect(desk.state.replacement).toBeNull();
  });

  it('replaces what is old or has served much, never two at once though they started together', () => {
    const old = new Desk({ maxAgeMs: 3_600_000 }).ready('w1', 'w2');
    expect(ofType(old.wait(3_200_000), 'spawn')).toEqual([]);
    expect(ofType(old.wait(1_200_000), 'spawn')).toHaveLength(1);
    const much = new Desk({ maxRequests: 10_000 }).ready('w1', 'w2');
    much.facts.set('w1', { ...WELL, requests: 11_001, perSecond: 0 });
    much.facts.set('w2', { ...WELL, perSecond: 0 });
    expect(ofType(much.wait(1_000), 'spawn')).toHaveLength(1);
  });

  it('heeds the box: who must make room goes first, without a second one beside it, or at once', () => {
    const desk = new Desk({ workers: 3 }).ready('w1').ready('w2', 'w3');
    desk.send({ type: 'recycle', ids: ['w1', 'w2'], reason: 'asked' });
    desk.send({ type: 'box', spareFits: false, recycle: 'w3', kill: null });
    desk.crash('w4');
    desk.send({ type: 'box', spareFits: false, recycle: 'w3', kill: null });
    expect(desk.phases()).toEqual({ w1: 'ready', w2: 'ready', w3: 'draining' });
    desk.send({ type: 'box', spareFits: false, recycle: null, kill: 'w3' });
    expect(desk.phases().w3).toBe('killed');
    desk.send({ type: 'exited', id: 'w3', exit: GONE });
    // It had to make room, which is no failure of its own.
    expect(ofType(desk.actions, 'spawn')).toHaveLength(1);
  });
});

describe('decide: two that fill at the same pace', () => {
  it('lets the second go as soon as the first has its successor, and still none without one', () => {
    const desk = new Desk().ready('w1', 'w2');
    const full = (id: string) => desk.send({ type: 'box', spareFits: true, recycle: id, kill: null });
    full('w1');
    desk.ready('w3');
    full('w2');
    expect(desk.phases()).toEqual({ w1: 'draining', w2: 'ready', w3: 'ready', w4: 'starting' });
    desk.ready('w4');
    expect(desk.phases()).toEqual({ w1: 'draining', w2: 'draining', w3: 'ready', w4: 'ready' });
    desk.crash('w3');
    expect(Object.values(desk.phases()).sort()).toEqual(['draining', 'draining', 'ready', 'starting']);
    desk.settle();
    expect(Object.values(desk.phases())).toEqual(['ready', 'ready']);
  });

  it('waits where there is no room for both', () => {
    const desk = new Desk().ready('w1', 'w2');
    desk.send({ type: 'box', spareFits: true, recycle: 'w1', kill: null });
    desk.ready('w3');
    desk.send({ type: 'box', spareFits: false, recycle: 'w2', kill: null });
    expect(desk.phases()).toEqual({ w1: 'draining', w2: 'ready', w3: 'ready' });
  });
});

describe('decide: a new version', () => {
  const deploy = (desk: Desk, version: number, { workers = 2, canReturn = true } = {}) =>
    desk.send({ type: 'deploy', version, workers, canReturn });

  it('takes over worker by worker', () => {
    const desk = new Desk().ready('w1', 'w2');
    deploy(desk, 2);
    expect(desk.versions()).toEqual({ w1: 1, w2: 1, w3: 2 });
    const codes = desk.settle();
    expect(codes).toContain('DEPLOY_DONE');
    expect(Object.values(desk.versions())).toEqual([2, 2]);
  });

  it.each([true, false])(
    'leaves what serves alone when it does not start (room for one more: %s)',
    (surge) => {
      const desk = new Desk({ surge }).ready('w1', 'w2');
      deploy(desk, 2);
      if (!surge) desk.send({ type: 'exited', id: 'w1', exit: GONE });
      const fresh = desk.state.workers.find(({ version }) => version === 2);
      expect(notesOf(desk.crash(fresh?.id ?? ''))).toContain('DEPLOY_FAILED');
      desk.settle();
      expect(Object.values(desk.versions())).toEqual([1, 1]);
      expect(desk.state.rollout).toBeNull();
    },
  );

  it('goes back when it dies again and again after it has taken over', () => {
    const desk = new Desk().ready('w1', 'w2');
    deploy(desk, 2);
    desk.settle();
    const codes: string[] = [];
    for (let death = 0; death < 2; death += 1) {
      codes.push(...notesOf(desk.crash(desk.state.workers[0]?.id ?? '')));
      codes.push(...desk.settle());
    }
    expect(codes).toContain('DEPLOY_FAILED');
    expect(Object.values(desk.versions())).toEqual([1, 1]);
  });

  it('cannot go back to code that is no longer there, and then restarts what there is', () => {
    const desk = new Desk().ready('w1', 'w2');
    deploy(desk, 2, { canReturn: false });
    desk.settle();
    for (let death = 0; death < 3; death += 1) {
      desk.crash(desk.state.workers[0]?.id ?? '');
      desk.wait(40_000);
      desk.settle();
    }
    expect(Object.values(desk.versions())).toEqual([2, 2]);
  });

  it('is what a death returns to once it has lived for long enough', () => {
    const desk = new Desk().ready('w1', 'w2');
    deploy(desk, 2);
    desk.settle();
    desk.wait(61_000);
    expect(desk.state.rollout).toBeNull();
    for (let death = 0; death < 4; death += 1) {
      desk.crash(desk.state.workers[0]?.id ?? '');
      desk.settle();
      desk.wait(30_000);
    }
    expect(Object.values(desk.versions())).toEqual([2, 2]);
  });

  it('serves from as many workers as it is given, and from all with the next word', () => {
    const desk = new Desk({ workers: 4 }).ready('w1').ready('w2', 'w3', 'w4');
    deploy(desk, 2, { workers: 1 });
    desk.settle();
    expect(Object.values(desk.versions()).sort()).toEqual([1, 1, 1, 2]);
    deploy(desk, 3, { workers: 4 });
    desk.settle();
    expect(Object.values(desk.versions())).toEqual([3, 3, 3, 3]);
  });
});

describe('decide: whatever happens', () => {
  const script = fc.array(
    fc.record({
      what: fc.constantFrom(...STEPS),
      pick: fc.nat(5),
      ms: fc.nat(15_000),
    }),
    { maxLength: 60 },
  );

  it('never has two workers out at once, never one too many, and always returns to N of one version', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.boolean(), script, (workers, surge, steps) => {
        const desk = new Desk({ workers, surge }).ready('w1');
        const silent = new Set<string>();
        for (const { what, pick, ms } of steps) {
          play(desk, what, pick, ms, silent);
          checkInvariants(desk, workers, surge);
        }
        // Without room for a successor, one is taken out only while all others serve; with it, when the successor does.
        expect(desk.fewestServing).toBeGreaterThanOrEqual(surge ? 1 : workers - 1);
        settle(desk);
        expect(Object.values(desk.phases())).toEqual(Array.from({ length: workers }, () => 'ready'));
        expect(desk.state.replacement).toBeNull();
        expect(new Set(Object.values(desk.versions())).size).toBe(1);
      }),
      { numRuns: 400 },
    );
  });
});

const STEPS = [
  ...['boot', 'crash', 'finish', 'recycle', 'hang', 'wait', 'stall'],
  ...['leak', 'deploy', 'unfit', 'box'],
] as const;

function checkInvariants(desk: Desk, workers: number, surge: boolean): void {
  const all = desk.state.workers;
  expect(all.filter(({ phase }) => phase === 'draining').length).toBeLessThanOrEqual(1);
  expect(all.length).toBeLessThanOrEqual(workers + (surge || workers === 1 ? 1 : 0));
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
}

function play(desk: Desk, what: string, pick: number, ms: number, silent: Set<string>): void {
  const worker = desk.state.workers[pick % Math.max(1, desk.state.workers.length)];
  if (what === 'wait') desk.wait(ms, [...silent]);
  if (what === 'stall') desk.atMs += ms;
  if (what === 'box')
    desk.send({ type: 'box', spareFits: desk.state.policy.surge && ms % 3 !== 0, recycle: null, kill: null });
  if (worker === undefined) return;
  if (what === 'boot') desk.ready(worker.id);
  if (what === 'hang') silent.add(worker.id);
  if (what === 'recycle') desk.send({ type: 'recycle', ids: [worker.id], reason: 'asked' });
  if (what === 'crash') desk.crash(worker.id);
  if (what === 'leak') desk.facts.set(worker.id, LEAKING);
  if (what === 'deploy' && desk.state.rollout?.phase !== 'replacing') {
    desk.version += 1;
    desk.send({
      type: 'deploy',
      version: desk.version,
      workers: desk.state.policy.workers,
      canReturn: ms % 2 === 0,
    });
  }
  if (what === 'unfit') desk.send({ type: 'probed', id: worker.id, failure: 'no' });
  if (what === 'finish' && worker.phase !== 'starting')
    desk.send({ type: 'exited', id: worker.id, exit: GONE });
}

/** From here on the world is kind: what starts gets ready, what is drained or killed ends. */
function settle(desk: Desk): void {
  desk.facts.clear();
  desk.send({ type: 'box', spareFits: desk.state.policy.surge, recycle: null, kill: null });
  for (let round = 0; round < 400; round += 1) {
    for (const { id, phase } of desk.state.workers) {
      if (phase === 'starting') desk.ready(id);
      if (phase === 'draining' || phase === 'killed') desk.send({ type: 'exited', id, exit: GONE });
    }
    desk.wait(250);
  }
}

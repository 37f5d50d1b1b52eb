import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Desk, GONE, LEAKING } from '../../testing/policy-desk.ts';

describe('decide: whatever happens', () => {
  const scriptOf = (steps: readonly string[]) =>
    fc.array(fc.record({ what: fc.constantFrom(...steps), pick: fc.nat(5), ms: fc.nat(15_000) }), {
      maxLength: 60,
    });
  const script = scriptOf(STEPS);

  it('never has two workers out at once, never one too many, and always returns to N of one version', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.boolean(), script, (workers, surge, steps) => {
        const desk = new Desk({ workers, surge }).ready('w1');
        const silent = new Set<string>();
        for (const { what, pick, ms } of steps) {
          play(desk, what, pick, ms, silent);
          checkInvariants(desk, workers, surge, 1);
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

  it('lets a second one go at most that cannot wait, while somebody serves, and returns to N all the same', () => {
    const hasty = scriptOf([...STEPS, 'evacuate', 'evacuate']);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.boolean(), hasty, (workers, surge, steps) => {
        const desk = new Desk({ workers, surge }).ready('w1');
        const silent = new Set<string>();
        for (const { what, pick, ms } of steps) {
          play(desk, what, pick, ms, silent);
          checkInvariants(desk, workers, surge, 2);
        }
        expect(desk.fewestServing).toBeGreaterThanOrEqual(Math.min(1, workers - 1));
        settle(desk);
        expect(Object.values(desk.phases())).toEqual(Array.from({ length: workers }, () => 'ready'));
        expect(desk.state.replacement).toBeNull();
      }),
      { numRuns: 400 },
    );
  });
});

const STEPS = [
  ...['boot', 'crash', 'finish', 'recycle', 'hang', 'wait', 'stall'],
  ...['leak', 'deploy', 'unfit', 'box'],
] as const;

function checkInvariants(desk: Desk, workers: number, surge: boolean, mostOut: number): void {
  const all = desk.state.workers;
  expect(all.filter(({ phase }) => phase === 'draining').length).toBeLessThanOrEqual(mostOut);
  expect(all.length).toBeLessThanOrEqual(workers + (surge || workers === 1 ? mostOut : 0));
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
  if (what === 'evacuate') desk.send({ type: 'evacuate', id: worker.id, withinMs: ms });
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

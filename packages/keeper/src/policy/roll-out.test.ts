import { describe, expect, it } from 'vitest';
import { Desk, GONE, notesOf } from '../../testing/policy-desk.ts';

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

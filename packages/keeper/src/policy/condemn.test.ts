import { describe, expect, it } from 'vitest';
import { Desk, GONE, LEAKING, ofType, WELL } from '../../testing/policy-desk.ts';

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

import { describe, expect, it } from 'vitest';
import { Desk, GONE, ofType } from '../../testing/policy-desk.ts';

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

  it('lets one go at once that cannot wait for its successor, and another only when that serves', () => {
    const desk = new Desk().ready('w1', 'w2');
    desk.send({ type: 'evacuate', id: 'w1', withinMs: 600 });
    expect(ofType(desk.actions, 'drain')).toMatchObject([{ id: 'w1', idleGraceMs: 300, spreadMs: 500 }]);
    expect(desk.phases()).toEqual({ w1: 'draining', w2: 'ready', w3: 'starting' });
    desk.send({ type: 'evacuate', id: 'w2', withinMs: 0 });
    expect(desk.phases()).toEqual({ w1: 'draining', w2: 'ready', w3: 'starting' });
    desk.ready('w3');
    expect(desk.phases()).toEqual({ w1: 'draining', w2: 'draining', w3: 'ready', w4: 'starting' });
  });

  it('makes haste where a successor is on its way or the worker is leaving already', () => {
    const desk = new Desk().ready('w1', 'w2');
    desk.send({ type: 'box', spareFits: true, recycle: 'w1', kill: null });
    expect(desk.phases()).toEqual({ w1: 'ready', w2: 'ready', w3: 'starting' });
    desk.send({ type: 'evacuate', id: 'w1', withinMs: 600 });
    expect(desk.phases()).toEqual({ w1: 'draining', w2: 'ready', w3: 'starting' });
    desk.ready('w3').send({ type: 'exited', id: 'w1', exit: GONE });
    desk.send({ type: 'recycle', ids: ['w2'], reason: 'asked' });
    expect(ofType(desk.ready('w1').actions, 'drain')).toMatchObject([{ id: 'w2', idleGraceMs: 6_500 }]);
    desk.send({ type: 'evacuate', id: 'w2', withinMs: 0 });
    expect(ofType(desk.actions, 'drain')).toMatchObject([{ id: 'w2', idleGraceMs: 0 }]);
    desk.settle();
    expect(desk.phases()).toEqual({ w3: 'ready', w1: 'ready' });
  });

  it('keeps a lone worker until its successor serves', () => {
    const desk = new Desk({ workers: 1, surge: false }).ready('w1');
    desk.send({ type: 'evacuate', id: 'w1', withinMs: 600 });
    expect(desk.phases()).toEqual({ w1: 'ready', w2: 'starting' });
    expect(ofType(desk.ready('w2').actions, 'drain')).toMatchObject([{ id: 'w1', idleGraceMs: 300 }]);
  });

  it('waits where there is no room for both', () => {
    const desk = new Desk().ready('w1', 'w2');
    desk.send({ type: 'box', spareFits: true, recycle: 'w1', kill: null });
    desk.ready('w3');
    desk.send({ type: 'box', spareFits: false, recycle: 'w2', kill: null });
    expect(desk.phases()).toEqual({ w1: 'draining', w2: 'ready', w3: 'ready' });
  });
});

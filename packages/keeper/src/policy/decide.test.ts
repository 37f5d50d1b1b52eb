import { describe, expect, it } from 'vitest';
import { CRASH, Desk, GONE, notesOf, ofType } from '../../testing/policy-desk.ts';

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

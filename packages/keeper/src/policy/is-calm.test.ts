import { expect, it } from 'vitest';
import { POLICY } from '../../testing/policy-desk.ts';
import { decide } from './decide.ts';
import { isCalm } from './is-calm.ts';
import { initialState, type KeeperState, type PolicyEvent } from './model.ts';

const BEAT: PolicyEvent = {
  type: 'heartbeat',
  id: 'w1',
  facts: { requests: null, perSecond: null, leak: null },
};

function after(state: KeeperState, ...events: readonly PolicyEvent[]): KeeperState {
  return events.reduce((before, event) => decide(before, event, { atMs: 1_000, random: 0.5 }).state, state);
}

it('is calm while all serve and speak, and nothing else is under way', () => {
  const starting = after(initialState({ ...POLICY, workers: 1 }, 1_000), { type: 'tick' });
  expect(isCalm(starting, 1_000)).toBe(false);
  const probing = after(starting, { type: 'ready', id: 'w1', info: {} });
  expect(isCalm(probing, 1_000)).toBe(false);
  const serving = after(probing, { type: 'probed', id: 'w1', failure: null }, BEAT);
  expect(isCalm(serving, 2_200)).toBe(true);
  expect(isCalm(serving, 2_300)).toBe(false);
  expect(isCalm(after(serving, { type: 'recycle', ids: ['w1'], reason: 'asked' }), 1_000)).toBe(false);
  expect(isCalm(after(serving, { type: 'stop', reason: 'SIGTERM', immediately: false }), 1_000)).toBe(false);
});

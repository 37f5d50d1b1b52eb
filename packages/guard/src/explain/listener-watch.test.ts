import { EventEmitter } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { ListenerWatch } from './listener-watch.ts';

let watch: ListenerWatch | null = null;
afterEach(() => watch?.stop());

class Pool extends EventEmitter {}

function subscribe(target: EventEmitter, times: number): void {
  target.setMaxListeners(0);
  for (let time = 0; time < times; time += 1) target.on('connection', () => time);
}

it('names the object, the event and the place where listeners pile up', () => {
  watch = new ListenerWatch(() => 'POST /orders');
  const pool = new Pool();
  subscribe(pool, 60);
  subscribe(new Pool(), 5);
  const [pile, ...others] = watch.piles();
  expect(others).toEqual([]);
  expect(pile).toMatchObject({
    owner: 'Pool',
    event: 'connection',
    before: 24,
    now: 60,
    route: 'POST /orders',
  });
  expect(pile?.stack.map(({ functionName }) => functionName)).toContain('subscribe');
});

it('sees signals too, and forgets listeners that were removed', () => {
  watch = new ListenerWatch(() => null);
  const { signal } = new AbortController();
  const listeners = Array.from({ length: 40 }, () => () => {});
  for (const listener of listeners) signal.addEventListener('abort', listener);
  expect(watch.piles()).toMatchObject([{ owner: 'AbortSignal', event: 'abort', now: 40 }]);
  for (const listener of listeners) signal.removeEventListener('abort', listener);
  expect(watch.piles()).toEqual([]);
});

it('follows a bounded number of piles, and shows no event that may be data', () => {
  watch = new ListenerWatch(() => null);
  const emitters = Array.from({ length: 60 }, () => new Pool());
  for (const emitter of emitters) {
    emitter.setMaxListeners(0);
    for (let time = 0; time < 30; time += 1) emitter.on('user:13800138000@example.com/…', () => time);
  }
  expect(watch.piles()).toHaveLength(50);
  expect(watch.piles()[0]?.event).toBe('(unnamed)');
});

it('puts everything back, and leaves alone what others have wrapped since', () => {
  const { on } = EventEmitter.prototype;
  watch = new ListenerWatch(() => null);
  expect(EventEmitter.prototype.on).not.toBe(on);
  watch.stop();
  expect(EventEmitter.prototype.on).toBe(on);
});

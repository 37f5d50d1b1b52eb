import { createManualClock, MINUTE } from '@maque/kit';
import { expect, it } from 'vitest';
import { AttentionDesk } from './attention-desk.ts';

function open() {
  const clock = createManualClock();
  const messages: unknown[] = [];
  const desk = new AttentionDesk({ add: (_, { message }) => void messages.push(message) }, clock);
  return { clock, desk, messages };
}

it('takes a matter down once a minute, whoever tells it', () => {
  const { clock, desk, messages } = open();
  for (const worker of ['w1', 'w2']) desk.hear(worker, { code: 'KEY_REFUSED', message: 'refused' });
  expect(messages).toEqual(['refused']);
  clock.advance(MINUTE);
  desk.hear('w1', { code: 'KEY_REFUSED', message: 'refused' });
  expect(messages).toEqual(['refused', 'refused']);
});

it('tells matters of one code apart, and takes some of them down in a minute', () => {
  const { desk, messages } = open();
  const hear = (order: number) => desk.hear('w1', { code: 'OVERDUE', message: `order ${order}` });
  for (const order of [1, 2, 2, 1]) hear(order);
  expect(messages).toEqual(['order 1', 'order 2']);
  for (let order = 3; order <= 100; order += 1) hear(order);
  expect(messages).toHaveLength(5);
  desk.hear('w1', { code: 'ANOTHER', message: 'order 1' });
  expect(messages).toHaveLength(6);
});

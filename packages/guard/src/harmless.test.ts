import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { scheduleUnreferenced } from './sample/schedule.ts';

describe('a fault of the guard', () => {
  it('ends no app that is watched, and is told once', async () => {
    const told: string[] = [];
    const listen = ({ message }: Error) => told.push(message);
    process.on('warning', listen);
    const fail = () => {
      throw new RangeError('nobody thought of this');
    };
    scheduleUnreferenced(fail, 1);
    await once(process, 'warning');
    scheduleUnreferenced(fail, 1);
    await new Promise<void>((later) => scheduleUnreferenced(later, 1));
    await new Promise((later) => setImmediate(later));
    process.off('warning', listen);
    expect(told).toEqual(['The guard failed: RangeError: nobody thought of this']);
  });
});

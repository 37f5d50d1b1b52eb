import { describe, expect, it } from 'vitest';
import { lazyGroup } from './lazy-group.ts';

describe('a group of methods', () => {
  it('is loaded by the first call, once for all', async () => {
    let loads = 0;
    const group = lazyGroup(
      async () => {
        loads += 1;
        return { double: async (value: number) => value * 2, name: async () => 'a group' };
      },
      { double: true, name: true },
    );
    expect(loads).toBe(0);
    expect(await Promise.all([group.double(21), group.name()])).toEqual([42, 'a group']);
    expect(loads).toBe(1);
  });

  it('that could not be loaded is loaded by the next call', async () => {
    let loads = 0;
    const group = lazyGroup(
      async () => {
        loads += 1;
        if (loads === 1) throw new Error('EMFILE');
        return { name: async () => 'a group' };
      },
      { name: true },
    );
    await expect(group.name()).rejects.toThrow('EMFILE');
    expect(await group.name()).toBe('a group');
  });
});

import { describe, expect, it } from 'vitest';
import { ClosingStack } from './closing-stack.ts';

describe('ClosingStack', () => {
  it('closes in reverse order, once, however often it is asked', async () => {
    const closed: string[] = [];
    const stack = new ClosingStack();
    for (const name of ['database', 'server']) stack.push(name, () => closed.push(name));
    await Promise.all([stack.close(), stack.close()]);
    expect(closed).toEqual(['server', 'database']);
  });

  it('goes on after a fault and after a part that hangs, and names both', async () => {
    const closed: string[] = [];
    const stack = new ClosingStack(20);
    stack.push('database', () => closed.push('database'));
    stack.push('hanging', () => new Promise(() => {}));
    stack.push('broken', () => {
      throw new Error('no');
    });
    const faults = await stack.close();
    expect(faults.map((fault) => fault.name)).toEqual(['broken', 'hanging']);
    expect(closed).toEqual(['database']);
  });

  it('refuses what comes too late to be closed', async () => {
    const stack = new ClosingStack();
    await stack.close();
    expect(() => stack.push('late', () => {})).toThrow('cannot open late while closing');
  });
});

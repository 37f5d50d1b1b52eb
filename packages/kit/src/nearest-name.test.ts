import { describe, expect, it } from 'vitest';
import { nearestName } from './nearest-name.ts';

describe('nearestName', () => {
  it.each([
    ['recyle', 'recycle'],
    ['MAQUE_WORKER', 'MAQUE_WORKERS'],
    ['PORT', 'port'],
    ['xyzzyxyzzy', undefined],
  ])('for %s is %s', (name, expected) => {
    expect(nearestName(name, ['start', 'recycle', 'MAQUE_WORKERS', 'port'])).toBe(expected);
  });
});

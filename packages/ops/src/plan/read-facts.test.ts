import { totalmem } from 'node:os';
import { MiB } from '@maque/kit';
import { expect, it } from 'vitest';
import { readFacts } from './read-facts.ts';

function factsOf(limit: string) {
  const texts: Record<string, string> = {
    '/proc/self/cgroup': '0::/web\n',
    '/proc/self/mountinfo': '31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
    '/sys/fs/cgroup/web/memory.max': `${limit}\n`,
  };
  return readFacts({ readOnce: (path) => texts[path] ?? null });
}

it('is bound by the cgroup that it is in, when that is smaller than the box', () => {
  expect(factsOf(String(128 * MiB))).toMatchObject({ memoryBytes: 128 * MiB, bound: 'cgroup-v2' });
});

it('is bound by the box when the cgroup allows more, or sets no limit', () => {
  const box = { memoryBytes: totalmem(), bound: 'box' };
  expect(factsOf(String(2 * totalmem()))).toMatchObject(box);
  expect(factsOf('max')).toMatchObject(box);
  expect(readFacts({ readOnce: () => null })).toMatchObject(box);
});

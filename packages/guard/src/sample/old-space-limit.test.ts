import { MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { runNode } from '../../fixtures/run-node.ts';
import { oldSpaceLimit } from './old-space-limit.ts';
import { PLANNED_OLD_SPACE_ENV } from './process-facts.ts';

const facts = (nodeMajor: number, visibleMiB: number, limitMiB: number, ...flags: string[]) => ({
  heapSizeLimit: limitMiB * MiB,
  flags,
  nodeMajor,
  visibleMemory: visibleMiB * MiB,
});

describe('oldSpaceLimit', () => {
  // heap_size_limit as Node 22.23, 24.21 and 26.10 print it in a control group of so much memory.
  it.each([
    [22, 512, 259, 256],
    [22, 1024, 524, 512],
    [22, 2048, 1048, 1024],
    [22, 4096, 2096, 2048],
    [24, 512, 259, 256],
    [24, 768, 432, 384],
    [24, 1024, 560, 512],
    [24, 2048, 1120, 1024],
    [24, 24_105, 4288, 4096],
    [26, 256, 262, 256],
    [26, 512, 268, 256],
    [26, 1536, 816, 768],
    [26, 1960, 1028, 980],
    [26, 2048, 1072, 1024],
    [26, 24_105, 4192, 4096],
  ])('takes the default young generation off: Node %i, %i MiB of memory', (node, memory, limit, old) => {
    expect(oldSpaceLimit(facts(node, memory, limit)) / MiB).toBe(old);
  });

  it.each([
    ['what was asked for', 256, facts(24, 24_105, 448, '--max-old-space-size=256')],
    ['the last of two', 256, facts(26, 2048, 280, '--max-old-space-size=64', '--max_old_space_size=256')],
    ['the limit less a given young generation', 4096, facts(24, 24_105, 4108, '--max-semi-space-size=4')],
    ['a semi-space rounded up as V8 does', 4096, facts(26, 24_105, 4108, '--max-semi-space-size=3')],
    ['a share of the memory', 1024, facts(26, 2048, 1072, '--max-old-space-size-percentage=50')],
    ['a part of a given whole', 276, facts(26, 24_105, 300, '--max-heap-size=300')],
    ['a part of a given whole on Node 24', 252, facts(24, 24_105, 300, '--max-heap-size=300')],
    [
      'nothing from nonsense',
      1024,
      facts(26, 2048, 1072, '--max-old-space-size=lots', '--max-old-space-size=0'),
    ],
  ])('is %s', (_what, old, given) => {
    expect(oldSpaceLimit(given) / MiB).toBe(old);
  });

  it.each([
    [[], { NODE_OPTIONS: '--max-old-space-size=200' }, 200],
    [
      ['--max-old-space-size=160', '--max-semi-space-size=8'],
      { NODE_OPTIONS: '--max-old-space-size=200' },
      160,
    ],
    [['--max-heap-size=256', '--max-semi-space-size=4'], {}, 244],
    // What a keeper plans lies below V8's limit; what its workers start has limits of its own.
    [['--max-old-space-size=160'], { [PLANNED_OLD_SPACE_ENV]: '120' }, 120],
    [['--max-old-space-size=96'], { [PLANNED_OLD_SPACE_ENV]: '120' }, 96],
    [['--max-old-space-size=96'], { [PLANNED_OLD_SPACE_ENV]: 'much' }, 96],
  ])('agrees with a real process started with %j and %j', async (flags, env, old) => {
    const source = `import { ownOldSpaceLimit } from ${JSON.stringify(new URL('./process-facts.ts', import.meta.url))};
      console.log(ownOldSpaceLimit());`;
    const { stdout } = await runNode([...flags, '--input-type=module', '-e', source], env);
    expect(Number(stdout) / MiB).toBe(old);
  });
});

import { type Bytes, MiB } from '@maque/kit';

// Largest semi-space that V8 takes by itself, and the share of the old generation that it gives to it, per major
// version of Node. Later versions are taken to behave as 26 does.
const SEMI_SPACE_DEFAULTS = [
  { sinceNode: 26, max: 32 * MiB, oldSpaceShare: 64, lowMemory: 0 },
  { sinceNode: 24, max: 64 * MiB, oldSpaceShare: 32, lowMemory: 512 * MiB },
  { sinceNode: 0, max: 16 * MiB, oldSpaceShare: 128, lowMemory: 512 * MiB },
] as const;

export interface HeapFacts {
  /** `v8.getHeapStatistics().heap_size_limit`. */
  readonly heapSizeLimit: Bytes;
  /** Command-line arguments of Node, those of `NODE_OPTIONS` first: the last one counts. */
  readonly flags: readonly string[];
  readonly nodeMajor: number;
  /** Memory that the process can see: of its control group, else of the machine. */
  readonly visibleMemory: Bytes;
}

/**
 * What the old generation may grow to. V8 does not tell: its `heap_size_limit` counts the young generation, three
 * semi-spaces, too: limit = H + 3 × S, with S rounded up to a power of two.
 *
 * Measured with 22.23, 24.21 and 26.10 (no other flag, limits in MiB for H=256 on 512 MiB, 1, 2 and 4 GiB of memory):
 * 22: 259, 268, 280, 304 · 24: 259, 304, 352, 448 · 26: 268, 280, 304, 352. So Node 26 keeps the formula and halves the
 * default S of Node 24 (4, 8, 16, 32 instead of 1, 16, 32, 64). `--max-old-space-size-percentage` sets H, and
 * `--max-heap-size` the sum. Processes with H=64 died at a floor of 58 (Node 24) and 62.8 (Node 26) of these 64.
 */
export function oldSpaceLimit(facts: HeapFacts): Bytes {
  const heap = lastFlag(facts.flags, 'max-old-space-size');
  if (heap !== undefined && heap <= facts.heapSizeLimit) return heap;
  return facts.heapSizeLimit - 3 * semiSpace(facts);
}

function semiSpace(facts: HeapFacts): Bytes {
  const { flags, nodeMajor, visibleMemory } = facts;
  const given = lastFlag(flags, 'max-semi-space-size');
  if (given !== undefined) return powerOfTwoFrom(given);
  const defaults = SEMI_SPACE_DEFAULTS.find(({ sinceNode }) => nodeMajor >= sinceNode);
  if (defaults === undefined) return MiB;
  const whole = lastFlag(flags, 'max-heap-size');
  if (whole !== undefined) return powerOfTwoFrom(whole / (defaults.oldSpaceShare + 3), defaults.max);
  if (visibleMemory <= defaults.lowMemory) return MiB;
  // V8 takes half of the memory for the old generation before it caps it.
  return powerOfTwoFrom(visibleMemory / 2 / defaults.oldSpaceShare, defaults.max);
}

/** The least power of two of MiB that holds `bytes`, one at least. */
function powerOfTwoFrom(bytes: Bytes, max: Bytes = Number.POSITIVE_INFINITY): Bytes {
  return Math.min(max, MiB * 2 ** Math.max(0, Math.ceil(Math.log2(bytes / MiB))));
}

/** The value of the last `--name=<MiB>` among the flags; V8 reads `_` as `-` and zero as not set. */
function lastFlag(flags: readonly string[], name: string): Bytes | undefined {
  for (let index = flags.length - 1; index >= 0; index -= 1) {
    const [flag, value] = (flags[index] ?? '').replaceAll('_', '-').split('=');
    if (flag === `--${name}` && value !== undefined && Number(value) > 0) return Number(value) * MiB;
  }
  return undefined;
}

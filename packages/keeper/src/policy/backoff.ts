import type { Milliseconds } from '@maque/kit';
import type { Policy } from './model.ts';

/**
 * How long a seat stays empty after its nth death in a row. The first is replaced at once: most deaths are single.
 * Then the pause doubles up to the cap, and half of it is random so that workers that died together do not come
 * back together ("equal jitter").
 * @param random from 0 to 1.
 */
export function backoffMs(
  failures: number,
  policy: Pick<Policy, 'backoffBaseMs' | 'backoffCapMs'>,
  random: number,
): Milliseconds {
  if (failures <= 1) return 0;
  const full = Math.min(policy.backoffCapMs, policy.backoffBaseMs * 2 ** (failures - 2));
  return Math.round(full / 2 + (full / 2) * random);
}

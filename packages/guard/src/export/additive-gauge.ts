import type { Metric } from './prometheus.ts';

const ADDITIVE = /_(?:bytes|active|handles)$/;
// What processes share, and limits, which are no use.
const SHARED = /^maque_box_|_limit_bytes$/;

/**
 * Whether the values of several processes make a sum that means something: bytes and things in use do; ratios, levels,
 * limits and what the whole machine uses do not.
 */
export function isAdditive({ type, name }: Metric): boolean {
  return type === 'gauge' && ADDITIVE.test(name) && !SHARED.test(name);
}

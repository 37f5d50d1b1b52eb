import type { Bytes } from '@maque/kit';

/** What can run out first. */
export const RESOURCES = ['memory', 'cpu', 'bandwidth', 'disk'] as const;
export type Resource = (typeof RESOURCES)[number];

/** What the users of a day, or what was told, come to at the peak. */
export interface Demand {
  readonly peakQps: number;
  readonly concurrency: number;
  readonly sockets: number;
  readonly diskBytesPerDay: Bytes;
  /** How each number came about, in numbers that read the same in every language. */
  readonly formulas: Readonly<Record<'peakQps' | 'concurrency' | 'sockets' | 'diskBytesPerDay', string>>;
}

/** What the box carries. */
export interface Capacity {
  /** Requests a second, by the scarcest of CPU, bandwidth and memory. */
  readonly qps: number;
  readonly dau: number;
  readonly sockets: number;
  /** What runs out first when users are added. */
  readonly first: Resource;
  /** Users of a day that each resource would carry by itself; Infinity where it never runs out. */
  readonly dauByResource: Readonly<Record<Resource, number>>;
  /** How each number came about. */
  readonly formulas: Readonly<Record<Resource, string>>;
}

/** In the words that the tutorials use. */
export type Verdict = 'fine' | 'with-care' | 'do-not';

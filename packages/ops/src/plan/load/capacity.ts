import type { Bytes, Text, TextData } from '@maque/kit';

/** What can run out first. */
export const RESOURCES = ['memory', 'cpu', 'bandwidth', 'disk'] as const;
export type Resource = (typeof RESOURCES)[number];

/** Where the users of a day come from: what was told, what the told requests come to, or a guess for want of both. */
export type DauSource = 'told' | 'derived' | 'assumed';

/** What the users of a day, or what was told, come to at the peak. */
export interface Demand {
  readonly dau: number;
  readonly dauSource: DauSource;
  readonly peakQps: number;
  readonly concurrency: number;
  readonly sockets: number;
  /** What one open socket is sent in a second at the peak. */
  readonly socketBytesPerSecond: Bytes;
  readonly diskBytesPerDay: Bytes;
  /** On the wire for one request, with headers and with its part of pictures where the box serves them. */
  readonly answerBytes: Bytes;
  /** Uploaded for one request, where uploads pass through the box. */
  readonly uploadBytesPerRequest: Bytes;
  /** How each number came about, in numbers that read the same in every language. */
  readonly formulas: Readonly<
    Record<'peakQps' | 'concurrency' | 'sockets' | 'diskBytesPerDay' | 'answerBytes', string>
  >;
}

/** Beyond so many users of a day other things run out than these: what the sum still says there is arithmetic. */
export const MOST_DAU = 100_000;

/** What the box carries. */
export interface Capacity {
  /** Requests a second that it answers for hours without a queue, by the scarcest of CPU, bandwidth and memory. */
  readonly qps: number;
  /** Requests a second at which it has nothing left: what a load test finds. */
  readonly saturatedQps: number;
  readonly dau: number;
  readonly sockets: number;
  /** What runs out first when users are added. */
  readonly first: Resource;
  /** Users of a day that each resource would carry by itself; Infinity where it never runs out. */
  readonly dauByResource: Readonly<Record<Resource, number>>;
  /** Requests a second that each would carry by itself; the disk does not count requests. */
  readonly qpsByResource: Readonly<Record<Exclude<Resource, 'disk'>, number>>;
  /** CPU time of the whole box for one request, in microseconds. */
  readonly cpuMicrosPerRequest: number;
  /** Days until the disk is full at the demand; Infinity where it never is. */
  readonly diskDays: number;
  /** How each number came about. */
  readonly formulas: Readonly<Record<Resource, string>>;
}

/** In the words that the tutorials use. */
export const VERDICTS = ['fine', 'with-care', 'do-not'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** One ground of a verdict. A note does not change it; each of the others makes it at least as bad as itself. */
export interface VerdictReason {
  /** For ever the same: `CPU_SHORT`. */
  readonly code: string;
  readonly weight: 'note' | 'with-care' | 'do-not';
  readonly text: Text;
  readonly data: TextData;
}

/** Whether to do it, and why. */
export interface PlanVerdict {
  readonly verdict: Verdict;
  /** Worst first. */
  readonly reasons: readonly VerdictReason[];
}

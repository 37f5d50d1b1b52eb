import type { Bytes } from '@maque/kit';
import type { BoxFacts } from '../box-facts.ts';
import type { Calibration } from './calibration.ts';
import type { ServiceRequest } from './service-request.ts';

/** What a mini-program is for: it decides how often its users ask, and what an answer weighs. */
export const PROGRAM_KINDS = ['tool', 'content', 'shop', 'booking', 'community', 'chat', 'live'] as const;
export type ProgramKind = (typeof PROGRAM_KINDS)[number];

/** What the app uses and another machine holds: it takes no memory here, and its work costs no CPU here. */
export const ELSEWHERE = ['database', 'redis', 'object-store'] as const;
export type Elsewhere = (typeof ELSEWHERE)[number];

/** The box, as far as a plan depends on it. */
export interface BoxRequest extends BoxFacts {
  /** To the outside, both ways the same. What the cheapest cloud servers are sold with is 3 to 5 Mbit/s. */
  readonly bandwidthBitsPerSecond?: number | undefined;
  /** Free for data, uploads and logs. */
  readonly diskBytes?: Bytes | undefined;
  readonly swapBytes?: Bytes | undefined;
}

/** What is asked of the box. What is not told is estimated from the kind and the users of a day. */
export interface LoadRequest {
  readonly program: ProgramKind;
  /** Users of a day. */
  readonly dau?: number | undefined;
  /** Requests a second at the peak. */
  readonly peakQps?: number | undefined;
  /** Requests at once at the peak. */
  readonly peakConcurrency?: number | undefined;
  /** Realtime connections open at once. */
  readonly sockets?: number | undefined;
  readonly uploadsPerDay?: number | undefined;
  readonly uploadBytes?: Bytes | undefined;
  readonly payments?: boolean | undefined;
}

/** All that a plan is made from; nothing else is looked at. `writePlanRequest` has it in the words of a file. */
export interface PlanRequest {
  readonly box: BoxRequest;
  readonly services: readonly ServiceRequest[];
  readonly load: LoadRequest;
  /** What runs on other machines; with `object-store`, uploads and pictures do not pass through this box. */
  readonly elsewhere?: readonly Elsewhere[] | undefined;
  /** What was measured on the box, in place of what was measured elsewhere. */
  readonly calibration?: Calibration | undefined;
}

import type { Forgery } from './pusher/forgeries.ts';

interface FaultScope {
  /** Only calls of this path and of what is below it, such as `/v3/refund`; all of WeChat's API unless told. */
  readonly path?: string;
  /** How many calls it hits: 1 unless told. */
  readonly times?: number;
}

interface BreakScope extends FaultScope {
  /** The call takes effect first, and only its answer is lost: a code is used up, a key replaced. */
  readonly afterEffect?: boolean;
}

/** Something that goes wrong on purpose. */
export type Fault =
  /** The answer comes `ms` later, at most 60,000. */
  | ({ readonly kind: 'latency'; readonly ms: number } & FaultScope)
  /** The answer is this errcode, such as -1 or 45009. */
  | ({ readonly kind: 'errcode'; readonly errcode: number } & BreakScope)
  /** The answer of WeChat Pay is this status and code, such as 429 FREQUENCY_LIMITED or 500 SYSTEM_ERROR. */
  | ({ readonly kind: 'pay-error'; readonly status: number; readonly code: string } & BreakScope)
  /** The answer is the HTML page of a gateway, with HTTP status 502 unless told. */
  | ({ readonly kind: 'html'; readonly status?: number } & BreakScope)
  /** The connection breaks without an answer. */
  | ({ readonly kind: 'drop' } & BreakScope)
  /** The JSON of the answer is labelled as plain text. */
  | ({ readonly kind: 'text-plain' } & FaultScope)
  /** A push goes wrong: it is lost, comes twice, `ms` later, or is a forgery. */
  | {
      readonly kind: 'push';
      readonly how: 'lost' | 'repeated' | 'delayed' | Forgery;
      /** For `delayed`: at most 60,000. */
      readonly ms?: number;
      /** Only pushes of this event, or messages of this kind. */
      readonly event?: string;
      readonly times?: number;
    }
  /** All access tokens die, now. */
  | { readonly kind: 'kill-token' }
  /** All users' session keys are replaced, now, as when each has logged in somewhere else. */
  | { readonly kind: 'rotate-session-keys' }
  /** What WeChat's clock tells others is wrong by `ms`, at most a day either way, from now on; 0 makes it right. */
  | { readonly kind: 'clock-skew'; readonly ms: number };

/** A fault that takes effect at once. */
export type ImmediateFault = Extract<Fault, { kind: 'kill-token' | 'rotate-session-keys' | 'clock-skew' }>;

/** A fault that waits for the calls or pushes that it will hit. */
export type WaitingFault = Exclude<Fault, ImmediateFault>;

/** A fault that leaves a call of api.weixin.qq.com without its answer. */
export type ApiBreak = Extract<Fault, { kind: 'errcode' | 'html' | 'drop' }>;

/** A fault that leaves a call of WeChat Pay without its answer. */
export type PayBreak = Extract<Fault, { kind: 'pay-error' | 'html' | 'drop' }>;

import type { Bytes, Milliseconds, Text, TextData } from '@maque/kit';

/**
 * How the time of a kill is known. `exact`: the log tells it with its zone. `zone-assumed`: it tells no zone, and the one
 * of the reader's machine, or the one that was told, is meant. `from-uptime`: the log counts seconds since the start, and
 * the start of this machine is known; such a clock may be off by some seconds. `unknown`: nothing tells.
 */
export const CLOCKS = ['exact', 'zone-assumed', 'from-uptime', 'unknown'] as const;
export type TimelineClock = (typeof CLOCKS)[number];

export const EVENT_KINDS = [
  'kill',
  'unit',
  'boot',
  'memory',
  'swap',
  'deploy',
  'packages',
  'cron',
  'keeper',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Something that happened, with when and who tells it. */
export interface TimelineEvent {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly kind: EventKind;
  readonly text: Text;
  readonly data: TextData;
  /** The file or the command. */
  readonly source: string;
}

/** Memory of one service, oldest first. */
export interface MemorySeries {
  readonly name: string;
  readonly source: string;
  readonly points: readonly { readonly atMs: number; readonly bytes: Bytes }[];
}

/** What was answered within one minute. */
export interface TrafficMinute {
  /** Of its beginning. */
  readonly atMs: number;
  readonly requests: number;
  /** Answered 502, 503 or 504: nobody was there, or nobody in time. */
  readonly failed: number;
}

/** What was looked for, and what became of it. */
export interface Missing {
  readonly what: Text;
  readonly reason: Text;
  readonly data: TextData;
}

/** Everything that sources tell of a span of time. */
export interface Evidence {
  readonly memory: readonly MemorySeries[];
  /** Free memory of the machine. */
  readonly available: MemorySeries | null;
  readonly events: readonly TimelineEvent[];
  readonly traffic: readonly TrafficMinute[];
  /** Files and commands that were read. */
  readonly sources: readonly string[];
  readonly missing: readonly Missing[];
}

/** What happened around one kill. */
export interface Timeline extends Evidence {
  /** Its place in the list of kills. */
  readonly kill: number;
  readonly clock: TimelineClock;
  /** Milliseconds since the epoch; null where nothing tells it. */
  readonly atMs: number | null;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** East of UTC, in which times are shown. */
  readonly zoneMinutes: number;
  readonly eventsLeftOut: number;
}

/** From so long before a kill until so long after it. */
export interface Around {
  readonly beforeMs: Milliseconds;
  readonly afterMs: Milliseconds;
}

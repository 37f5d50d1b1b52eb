import { type Language, say } from '@maque/kit';
import { isoInZone } from './moments.ts';
import type { EventKind, MemorySeries, Timeline, TimelineClock } from './timeline.ts';

interface SeriesJson {
  readonly name: string;
  readonly source: string;
  readonly points: readonly { readonly time: string; readonly bytes: number }[];
}

/** What happened around one kill, as data. */
export interface TimelineJson {
  /** Its place in the list of kills, from 0. */
  readonly kill: number;
  readonly clock: TimelineClock;
  readonly time: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly memory: readonly SeriesJson[];
  readonly available: SeriesJson | null;
  readonly traffic: readonly { readonly time: string; readonly requests: number; readonly failed: number }[];
  readonly events: readonly {
    readonly time: string;
    readonly kind: EventKind;
    readonly message: string;
    readonly source: string;
  }[];
  readonly eventsLeftOut: number;
  readonly sources: readonly string[];
  readonly missing: readonly { readonly what: string; readonly reason: string }[];
}

export function timelineJson(timeline: Timeline, language: Language): TimelineJson {
  const { zoneMinutes } = timeline;
  const time = (atMs: number) => isoInZone(atMs, zoneMinutes);
  const timeOrNull = (atMs: number | null) => (atMs === null ? null : time(atMs));
  const series = ({ name, source, points }: MemorySeries): SeriesJson => ({
    name,
    source,
    points: points.map(({ atMs, bytes }) => ({ time: time(atMs), bytes })),
  });
  return {
    kill: timeline.kill,
    clock: timeline.clock,
    time: timeOrNull(timeline.atMs),
    from: timeOrNull(timeline.fromMs),
    to: timeOrNull(timeline.toMs),
    memory: timeline.memory.map(series),
    available: timeline.available === null ? null : series(timeline.available),
    traffic: timeline.traffic.map(({ atMs, requests, failed }) => ({ time: time(atMs), requests, failed })),
    events: timeline.events.map(({ atMs, kind, text, data, source }) => ({
      time: time(atMs),
      kind,
      message: say(text, language, data),
      source,
    })),
    eventsLeftOut: timeline.eventsLeftOut,
    sources: timeline.sources,
    missing: timeline.missing.map(({ what, reason, data }) => ({
      what: say(what, language, data),
      reason: say(reason, language, data),
    })),
  };
}

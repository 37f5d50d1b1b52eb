import { type Bytes, MINUTE } from '@maque/kit';
import type { DoctorSample } from '../../doctor/samples.ts';
import type { Kill } from '../kill.ts';
import type { NotableLine } from '../notable-lines.ts';
import { programKind } from '../program-kinds.ts';
import { HAPPENED, KILLED } from './event-words.ts';
import { type ClockFacts, type Moment, momentOf, zoneOfMoment } from './moments.ts';
import type { Around, EventKind, Evidence, MemorySeries, Timeline, TimelineEvent } from './timeline.ts';

/** More is a list that nobody reads; the nearest to the kill are kept. */
const MOST_EVENTS = 60;
/** Of a series: a sample each minute for a day and a half. */
const MOST_POINTS = 2_000;

/** What happened around a kill: of all that is known, what lies in the span. Pure. */
export function buildTimeline(
  kill: Kill,
  index: number,
  moment: Moment,
  around: Around,
  evidence: Evidence,
  clock: ClockFacts,
): Timeline {
  const { atMs } = moment;
  if (atMs === null) {
    const nothing = { memory: [], available: null, events: [], traffic: [], sources: [], missing: [] };
    const zoneMinutes = clock.zoneMinutes ?? 0;
    return { ...nothing, kill: index, ...moment, fromMs: null, toMs: null, zoneMinutes, eventsLeftOut: 0 };
  }
  const [fromMs, toMs] = [atMs - around.beforeMs, atMs + around.afterMs];
  const isInside = (one: { readonly atMs: number }) => one.atMs >= fromMs && one.atMs <= toMs;
  const all = onlyOnce(evidence.events.filter(isInside));
  const nearest = all.toSorted((a, b) => Math.abs(a.atMs - atMs) - Math.abs(b.atMs - atMs));
  const events = nearest.slice(0, MOST_EVENTS).sort((a, b) => a.atMs - b.atMs);
  const within = (series: MemorySeries) => ({ ...series, points: series.points.filter(isInside) });
  return {
    kill: index,
    clock: moment.clock,
    atMs,
    fromMs,
    toMs,
    zoneMinutes: zoneOfMoment(kill.time, atMs, clock.zoneMinutes),
    memory: evidence.memory.map(within).filter(({ points }) => points.length > 0),
    available: evidence.available === null ? null : within(evidence.available),
    events,
    eventsLeftOut: all.length - events.length,
    // A minute that began before is in the picture too.
    traffic: evidence.traffic.filter((minute) => minute.atMs > fromMs - MINUTE && minute.atMs <= toMs),
    sources: evidence.sources,
    missing: evidence.missing,
  };
}

/** Two logs may tell the same. */
function onlyOnce(events: readonly TimelineEvent[]): readonly TimelineEvent[] {
  const seen = new Set<string>();
  return events.filter(({ atMs, kind, data, text }) => {
    const key = `${Math.round(atMs / 2_000)} ${kind} ${text.en} ${String(data.subject)}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

/** Memory of those whom a kill was about, out of the doctor's samples. */
export function memoryOfKill(
  kill: Kill,
  samples: readonly DoctorSample[],
  source: string,
): readonly MemorySeries[] {
  const names = new Set(samples.flatMap(({ services }) => Object.keys(services)));
  const victim = nameAmong(names, kill.unit, kill.container, kill.name);
  const culprit = kill.culprit === null ? undefined : nameAmong(names, null, null, kill.culprit.name);
  return [...new Set([victim, culprit])].flatMap((name) => {
    if (name === undefined) return [];
    const points = samples.flatMap(({ atMs, services }) => pointOf(atMs, services[name]));
    return [{ name, source, points: points.slice(-MOST_POINTS) }];
  });
}

export function availableMemory(samples: readonly DoctorSample[], source: string): MemorySeries | null {
  if (samples.length === 0) return null;
  const points = samples.map(({ atMs, memoryAvailableBytes: bytes }) => ({ atMs, bytes }));
  return { name: 'MemAvailable', source, points: points.slice(-MOST_POINTS) };
}

function pointOf(atMs: number, bytes: Bytes | undefined): { readonly atMs: number; readonly bytes: Bytes }[] {
  return bytes === undefined ? [] : [{ atMs, bytes }];
}

/** How the doctor calls a service: by its unit, its container, or its program. */
function nameAmong(
  names: ReadonlySet<string>,
  unit: string | null,
  container: string | null,
  program: string | null,
): string | undefined {
  const inContainer = container === null ? undefined : `container ${container.slice(0, 12)}`;
  const kind = programKind(program);
  const like = kind === 'other' ? [] : [...names].filter((name) => programKind(bare(name)) === kind);
  const known = [unit, inContainer, program].find((name) => name != null && names.has(name));
  return known ?? (like.length === 1 ? like[0] : undefined);
}

function bare(service: string): string {
  return service.replace(/\.service$/, '');
}

const KINDS: Readonly<Record<NotableLine['what'], EventKind>> = {
  'swap-added': 'swap',
  pressure: 'memory',
  'memory-low': 'memory',
  'fork-failed': 'memory',
  'no-victim': 'memory',
  panicked: 'boot',
  booted: 'boot',
  'unit-started': 'unit',
  'unit-stopped': 'unit',
  'unit-restarted': 'unit',
  'unit-failed': 'unit',
  'job-started': 'cron',
  deployed: 'deploy',
};

/** Lines of the log itself, as far as they tell when. */
export function eventsOfLog(
  lines: readonly NotableLine[],
  clock: ClockFacts,
  source: string,
): readonly TimelineEvent[] {
  return lines.flatMap((line) => {
    const { atMs } = momentOf(line, clock);
    const { what, subject } = line;
    if (atMs === null) return [];
    return [{ atMs, kind: KINDS[what], text: HAPPENED[what], data: { subject }, source }];
  });
}

/** Kills as marks in one another's pictures. */
export function eventsOfKills(
  kills: readonly Kill[],
  clock: ClockFacts,
  source: string,
): readonly TimelineEvent[] {
  return kills.flatMap((kill) => {
    const { atMs } = momentOf(kill, clock);
    if (atMs === null) return [];
    const subject = kill.pid === null ? (kill.name ?? '?') : `${kill.name ?? '?'} (${kill.pid})`;
    return [{ atMs, kind: 'kill' as const, text: KILLED, data: { subject }, source }];
  });
}

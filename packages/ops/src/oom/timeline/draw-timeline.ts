import { type Bytes, formatBytes, formatDuration, type Language, MINUTE, say, type Text } from '@maque/kit';
import { plain, type Style } from '../../present/style.ts';
import { hangingText, wrapText } from '../../present/wrap-text.ts';
import { CLOCK_NOTES } from './clock-notes.ts';
import { isoInZone, zoneText } from './moments.ts';
import type { Timeline, TimelineEvent, TrafficMinute } from './timeline.ts';

const WORDS = {
  title: {
    en: '{before} before it and {after} after it ({zone})',
    zh: '之前 {before}、之后 {after}（{zone}）',
  },
  memory: { en: 'memory of {name}', zh: '{name} 的内存' },
  available: { en: 'free memory of the machine', zh: '整机可用内存' },
  requests: { en: 'requests a minute', zh: '每分钟请求' },
  failed: { en: '502, 503, 504 a minute', zh: '每分钟 502、503、504' },
  leftOut: { en: '… {count} more, further away', zh: '……另有 {count} 条，离得更远' },
  read: { en: 'read: {sources}', zh: '读取自：{sources}' },
  nothing: { en: 'nothing else is known of that time', zh: '这段时间没有其他记录' },
  missing: { en: 'not known: {what} ({reason})', zh: '未知：{what}（{reason}）' },
} as const satisfies Record<string, Text>;

/** Columns of the picture: half a minute each for the usual half hour. */
const COLUMNS = 60;
/** `03:12  ` before the axis, and `1 03:12:07  ` before an event. */
const CLOCK_WIDTH = 7;
const EVENT_LEAD_WIDTH = 12;
const LEVELS = '▁▂▃▄▅▆▇█';
/** Events that are told with their names; more are marked only. */
const SHOWN_EVENTS = 14;
const KILL_MARK = '✗';
const MARKS = '123456789abcdefghijklmnopqrstuvwxyz';

interface Row {
  readonly label: string;
  readonly cells: string;
  readonly remark: string;
}

/** A timeline whose time is known. */
type Dated = Timeline & { readonly atMs: number; readonly fromMs: number; readonly toMs: number };

/**
 * What happened around a kill as a picture of text: how memory and traffic went, and what happened when.
 * @param columns that sentences may take; the picture takes 74.
 */
export function drawTimeline(
  timeline: Timeline,
  language: Language,
  style: Style = plain,
  columns = Number.POSITIVE_INFINITY,
): string[] {
  const dim = (text: string) => wrapText(text, columns).map((line) => style('dim', line));
  if (!isDated(timeline)) return dim(say(CLOCK_NOTES.unknown, language));
  const { atMs, events, missing } = timeline;
  const rows = rowsOf(timeline, language);
  const shown = nearestOf(events, atMs);
  const lacks = missing.flatMap(({ what, reason, data }) =>
    dim(say(WORDS.missing, language, { what, reason: say(reason, language, data) })),
  );
  if (rows.length === 0 && shown.every((event) => event.kind === 'kill' && event.atMs === atMs))
    return [...dim(say(WORDS.nothing, language)), ...lacks];
  const { clock, zoneMinutes } = timeline;
  const leftOut = events.length - shown.length + timeline.eventsLeftOut;
  return [
    ...pictureLines(timeline, rows, shown, language),
    ...eventLines(timeline, shown, language, style, columns),
    ...(leftOut === 0 ? [] : dim(say(WORDS.leftOut, language, { count: leftOut }))),
    ...(clock === 'exact' ? [] : dim(say(CLOCK_NOTES[clock], language, { zone: zoneText(zoneMinutes) }))),
    ...lacks,
    ...dim(say(WORDS.read, language, { sources: timeline.sources.join(', ') })),
  ];
}

function isDated(timeline: Timeline): timeline is Dated {
  return timeline.atMs !== null && timeline.fromMs !== null && timeline.toMs !== null;
}

function pictureLines(
  timeline: Dated,
  rows: readonly Row[],
  shown: readonly TimelineEvent[],
  language: Language,
): readonly string[] {
  const { atMs, fromMs, toMs, zoneMinutes } = timeline;
  const title = {
    before: formatDuration(atMs - fromMs),
    after: formatDuration(toMs - atMs),
    zone: zoneText(zoneMinutes),
  };
  const indent = ' '.repeat(CLOCK_WIDTH);
  const [from, to] = [clockOf(fromMs, zoneMinutes), clockOf(toMs, zoneMinutes)];
  return [
    say(WORDS.title, language, title),
    ...rows.flatMap(({ label, cells, remark }) => [
      `${indent}${label}  ${remark}`,
      (indent + cells).trimEnd(),
    ]),
    `${from.padEnd(CLOCK_WIDTH)}${marksOf(timeline, shown)}  ${to}`,
  ];
}

function eventLines(
  { zoneMinutes }: Dated,
  shown: readonly TimelineEvent[],
  language: Language,
  style: Style,
  columns: number,
): readonly string[] {
  const marks = marksFor(shown);
  return shown.flatMap((event, index) => {
    const mark = marks[index] === KILL_MARK ? style('red', KILL_MARK) : marks[index];
    const lead = `${mark} ${clockOf(event.atMs, zoneMinutes, true)}  `;
    return hangingText(lead, EVENT_LEAD_WIDTH, say(event.text, language, event.data), columns);
  });
}

function rowsOf(timeline: Timeline, language: Language): readonly Row[] {
  const span = spanOf(timeline);
  const rows: Row[] = timeline.memory.map(({ name, points }) => ({
    label: say(WORDS.memory, language, { name }),
    ...curve(points, span),
  }));
  const { available, traffic } = timeline;
  if (available !== null && available.points.length > 0)
    rows.push({ label: say(WORDS.available, language), ...curve(available.points, span) });
  if (traffic.length > 0) {
    rows.push({
      label: say(WORDS.requests, language),
      ...counts(traffic, span, ({ requests }) => requests),
    });
    if (traffic.some(({ failed }) => failed > 0))
      rows.push({ label: say(WORDS.failed, language), ...counts(traffic, span, ({ failed }) => failed) });
  }
  return rows;
}

interface PictureSpan {
  readonly fromMs: number;
  readonly columnMs: number;
}

function spanOf({ fromMs, toMs }: Timeline): PictureSpan {
  const from = fromMs ?? 0;
  return { fromMs: from, columnMs: Math.max(1, ((toMs ?? from) - from) / COLUMNS) };
}

function columnOf(atMs: number, { fromMs, columnMs }: PictureSpan): number {
  return Math.min(COLUMNS - 1, Math.max(0, Math.floor((atMs - fromMs) / columnMs)));
}

/** The largest of each column; what no sample tells is a dot. */
function curve(
  points: readonly { readonly atMs: number; readonly bytes: Bytes }[],
  span: PictureSpan,
): Omit<Row, 'label'> {
  const columns = new Array<number | undefined>(COLUMNS).fill(undefined);
  for (const { atMs, bytes } of points) {
    const column = columnOf(atMs, span);
    columns[column] = Math.max(columns[column] ?? 0, bytes);
  }
  const [first, last] = [points[0]?.bytes ?? 0, points.at(-1)?.bytes ?? 0];
  return { cells: bars(filled(columns)), remark: `${formatBytes(first)} → ${formatBytes(last)}` };
}

/** A sample each minute leaves single columns of 45 s out; longer gaps are unknown. */
function filled(columns: readonly (number | undefined)[]): readonly (number | undefined)[] {
  return columns.map((value, at) => value ?? (columns[at + 1] === undefined ? undefined : columns[at - 1]));
}

/** A minute without a line had no request, so its column is empty, not unknown. */
function counts(
  traffic: readonly TrafficMinute[],
  span: PictureSpan,
  countOf: (minute: TrafficMinute) => number,
): Omit<Row, 'label'> {
  const columns = new Array<number | undefined>(COLUMNS).fill(0);
  for (const minute of traffic) {
    // Where a minute is wider than a column it fills all of its own.
    const from = columnOf(minute.atMs, span);
    const to = Math.max(from, columnOf(minute.atMs + MINUTE - 1, span));
    for (let column = from; column <= to; column += 1)
      columns[column] = Math.max(columns[column] ?? 0, countOf(minute));
  }
  const most = Math.max(...traffic.map(countOf));
  return { cells: bars(columns), remark: `≤ ${most}` };
}

function bars(columns: readonly (number | undefined)[]): string {
  const largest = Math.max(1, ...columns.map((value) => value ?? 0));
  return columns
    .map((value) => {
      if (value === undefined) return '·';
      if (value === 0) return ' ';
      return LEVELS[Math.min(LEVELS.length - 1, Math.floor((value / largest) * LEVELS.length))] ?? '';
    })
    .join('');
}

function nearestOf(events: readonly TimelineEvent[], atMs: number): readonly TimelineEvent[] {
  return events
    .toSorted((one, other) => Math.abs(one.atMs - atMs) - Math.abs(other.atMs - atMs))
    .slice(0, SHOWN_EVENTS)
    .sort((one, other) => one.atMs - other.atMs);
}

function marksOf(timeline: Timeline, shown: readonly TimelineEvent[]): string {
  const span = spanOf(timeline);
  const axis = new Array<string>(COLUMNS).fill('─');
  for (const [index, mark] of marksFor(shown).entries()) {
    const column = columnOf(shown[index]?.atMs ?? 0, span);
    // Of several in one column the first is told, but for a kill.
    if (axis[column] === '─' || mark === KILL_MARK) axis[column] = mark;
  }
  return axis.join('');
}

/** Kills have a mark of their own, the others are numbered. */
function marksFor(shown: readonly TimelineEvent[]): readonly string[] {
  let number = 0;
  return shown.map(({ kind }) => (kind === 'kill' ? KILL_MARK : (MARKS[number++] ?? '?')));
}

function clockOf(atMs: number, zoneMinutes: number, withSeconds = false): string {
  return isoInZone(atMs, zoneMinutes).slice(11, withSeconds ? 19 : 16);
}

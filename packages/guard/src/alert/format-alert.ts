import { formatBytes, formatDuration, type Language, MINUTE, SECOND, say } from '@maque/kit';
import type { Pool } from '../detect/verdict.ts';
import type { AlertMessage, AlertSource } from './alert-message.ts';
import { ADVICE, HEADLINES, KINDS, NUMBERS, WORDS } from './alert-texts.ts';
import type { AlertEvent } from './condition.ts';
import type { Evidence } from './readings.ts';
import { INCIDENT_RULES, type RuleName } from './rules.ts';

/** What a message needs to be written. */
export interface Wording {
  readonly language: Language;
  /** How far local time is ahead of UTC, in ms. */
  readonly offsetOf: (epochMs: number) => number;
  readonly source: AlertSource;
}

/** A title, and the lines below it. */
export type Prose = Pick<AlertMessage, 'title' | 'text'>;

const POOLS = { heap: WORDS.heapPool, external: WORDS.externalPool, native: WORDS.nativePool } as const;
const NAMES_IN_TITLE = 3;
const EVENTS_IN_FULL = 8;
const NOTE_CHARACTERS = 800;

/** Writes events of one rule and kind, one of each process: what, where, number against limit, since when, what to do. */
export function describeEvents(events: readonly [AlertEvent, ...AlertEvent[]], wording: Wording): Prose {
  const { language } = wording;
  const [first] = events;
  const who = names(
    events.map((event) => whoOf(event, language)),
    language,
  );
  const headline = say(HEADLINES[first.rule], language, { who });
  const lines = events
    .slice(0, EVENTS_IN_FULL)
    .flatMap((event) =>
      linesOf(event, wording).map((line) =>
        events.length === 1 ? line : say(WORDS.about, language, { who: whoOf(event, language), line }),
      ),
    );
  if (events.length > EVENTS_IN_FULL) {
    lines.push(say(WORDS.more, language, { count: events.length - EVENTS_IN_FULL }));
  }
  if (first.kind === 'raised' || first.kind === 'worse') lines.push(say(ADVICE[first.rule], language));
  return {
    title: titled(mark(events), say(KINDS[first.kind], language, { headline }), wording),
    text: lines.join('\n'),
  };
}

/** Writes what was held back during quiet hours: a line each. */
export function describeDigest(events: readonly AlertEvent[], dropped: number, wording: Wording): Prose {
  const { language } = wording;
  const lines = events.map((event) => {
    const headline = say(HEADLINES[event.rule], language, { who: whoOf(event, language) });
    const value = event.value === null ? '' : ` (${valueText(event.rule, event.value)})`;
    const told = say(KINDS[event.kind], language, { headline });
    return `${clockText(event.atMs, wording)} ${mark([event])} ${told}${value}`;
  });
  if (dropped > 0) lines.unshift(say(WORDS.digestDropped, language, { count: dropped }));
  const title = say(WORDS.digestTitle, language, { count: events.length + dropped });
  return { title: titled(mark(events), title, wording), text: lines.join('\n') };
}

/** Writes a message that only says that messages arrive, and when they will not. */
export function describeTest(atMs: number, quietHours: string | undefined, wording: Wording): Prose {
  const { language } = wording;
  const lines = [say(WORDS.testText, language, { at: momentText(atMs, wording) })];
  if (quietHours !== undefined) lines.push(say(WORDS.testQuiet, language, { quietHours }));
  return { title: titled('🟢', say(WORDS.testTitle, language), wording), text: lines.join('\n') };
}

function linesOf(event: AlertEvent, wording: Wording): string[] {
  const { language } = wording;
  const { kind, rule, durationMs, evidence, note } = event;
  const since = momentText(event.sinceMs, wording);
  const duration = durationText(durationMs);
  if (kind === 'recovered') {
    const peak = valueText(rule, event.peak);
    const now =
      event.value === null
        ? say(WORDS.gone, language)
        : say(WORDS.back, language, { value: valueText(rule, event.value) });
    return [now, say(WORDS.lasted, language, { duration, since, peak })];
  }
  const lines = [numberText(event, language)];
  if (evidence.bytesPerSecond !== undefined && evidence.bytesPerSecond > 0)
    lines.push(growthText(event, language));
  if (evidence.crashLoop !== undefined) lines.push(say(WORDS.crashLoop, language, { ...evidence.crashLoop }));
  if (kind === 'reminder') lines.push(...changeText(event, language));
  const isNew = durationMs < 2 * MINUTE;
  lines.push(say(isNew ? WORDS.since : WORDS.lasting, language, { since, duration }));
  if (note !== null && kind !== 'reminder') lines.push(note.slice(0, NOTE_CHARACTERS));
  return lines;
}

function numberText({ rule, value, threshold, evidence }: AlertEvent, language: Language): string {
  const { pool, used, limit, death, windowMs, horizonMs } = evidence;
  return say(NUMBERS[rule], language, {
    value: value === null ? say(WORDS.unknown, language) : valueText(rule, value),
    threshold: valueText(rule, threshold),
    pool: pool === undefined ? '' : say(POOLS[pool as Pool], language),
    used: bytesText(used, language),
    limit: bytesText(limit, language),
    death: death === undefined ? say(WORDS.unknown, language) : `${death.process}, ${death.cause}`,
    cause: death?.cause ?? say(WORDS.unknown, language),
    window: formatDuration(windowMs ?? 0),
    horizon: formatDuration(horizonMs ?? 0),
  });
}

function growthText({ evidence }: AlertEvent, language: Language): string {
  const rate = formatBytes(Math.round(((evidence.bytesPerSecond ?? 0) * MINUTE) / SECOND));
  const left = evidence.timeToLimitMs ?? null;
  return left === null
    ? say(WORDS.growthOnly, language, { rate })
    : say(WORDS.growth, language, { rate, time: durationText(left) });
}

function changeText({ firstEvidence, evidence }: AlertEvent, language: Language): string[] {
  if (typeof firstEvidence.used !== 'number' || typeof evidence.used !== 'number') return [];
  return [
    say(WORDS.change, language, { from: formatBytes(firstEvidence.used), to: formatBytes(evidence.used) }),
  ];
}

function whoOf(
  { process, evidence }: { process: string | null; evidence: Evidence },
  language: Language,
): string {
  if (evidence.version !== undefined) return say(WORDS.version, language, { version: evidence.version });
  if (evidence.matter !== undefined) return evidence.matter;
  if (process !== null) return process;
  if (evidence.box === undefined) return say(WORDS.everybody, language);
  return say(evidence.box === 'cgroup' ? WORDS.cgroup : WORDS.machine, language);
}

function names(all: readonly string[], language: Language): string {
  const shown = all.slice(0, NAMES_IN_TITLE).join(', ');
  const more = all.length - NAMES_IN_TITLE;
  return more <= 0 ? shown : say(WORDS.several, language, { names: shown, more, count: all.length });
}

/** One line, whatever the names in it are made of. */
function titled(sign: string, what: string, { language, source }: Wording): string {
  return `${sign} ${say(WORDS.where, language, { ...source })} ${what}`.replace(/\s+/g, ' ');
}

function mark(events: readonly AlertEvent[]): string {
  if (events.every(({ kind }) => kind === 'recovered')) return '🟢';
  return events.some(({ severity }) => severity === 'critical') ? '🔴' : '🟡';
}

function valueText(rule: RuleName, value: number): string {
  if (rule === 'restarts' || INCIDENT_RULES.some((incident) => incident === rule)) return String(value);
  if (rule === 'latency') return formatDuration(value);
  return `${Math.round(value * 100)} %`;
}

function bytesText(bytes: number | null | undefined, language: Language): string {
  return typeof bytes === 'number' ? formatBytes(bytes) : say(WORDS.unknown, language);
}

/** Whole seconds below two minutes, whole minutes above. */
function durationText(ms: number): string {
  const unit = ms < 2 * MINUTE ? SECOND : MINUTE;
  return formatDuration(Math.round(ms / unit) * unit);
}

/** `11-20 03:12:40 +08:00`: with its zone, since a server and who reads of it may be apart. */
function momentText(epochMs: number, { offsetOf }: Wording): string {
  const aheadMs = offsetOf(epochMs);
  const minutes = Math.abs(aheadMs) / MINUTE;
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${localIso(epochMs, aheadMs).slice(5, 19)} ${aheadMs < 0 ? '-' : '+'}${hour}:${minute}`;
}

/** `03:12` */
function clockText(epochMs: number, { offsetOf }: Wording): string {
  return localIso(epochMs, offsetOf(epochMs)).slice(11, 16);
}

function localIso(epochMs: number, aheadMs: number): string {
  return new Date(epochMs + aheadMs).toISOString().replace('T', ' ');
}

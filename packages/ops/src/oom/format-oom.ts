import { type Language, say, type Text } from '@maque/kit';
import type { Finding } from '../findings/finding.ts';
import { displayWidth } from '../present/display-width.ts';
import { plain, type Style } from '../present/style.ts';
import { hangingText, wrapText } from '../present/wrap-text.ts';
import { earlierKills } from './earlier-kills.ts';
import { explainKill, mebibytes } from './explain-kill.ts';
import type { UnfinishedReport } from './kernel-report.ts';
import type { Kill, MemoryShare } from './kill.ts';
import { isOfSeveralMachines, titleOf } from './kill-title.ts';
import type { NotableLine } from './notable-lines.ts';
import type { OomReport } from './oom-reader.ts';
import { isElsewhere } from './same-kill.ts';
import { inShort, memoryOf } from './task-table.ts';
import { drawTimeline } from './timeline/draw-timeline.ts';
import { HAPPENED } from './timeline/event-words.ts';
import type { Timeline } from './timeline/timeline.ts';

const WORDS = {
  none: {
    en: 'No kill for want of memory in {lines} lines.',
    zh: '{lines} 行日志中，没有进程因内存不足而结束的记录。',
  },
  empty: { en: 'The log is empty: not one line was read.', zh: '日志是空的，一行也没有读到。' },
  found: {
    en: '{count} killed for want of memory, in {lines} lines',
    zh: '{lines} 行日志中，有 {count} 个进程因内存不足而结束',
  },
  unfinished: {
    en: '{time}{by} ran out of memory; who was killed for it is not in this log',
    zh: '{time}{by} 申请内存失败；日志中没有被杀进程的记录',
  },
  around: { en: 'around it', zh: '前后发生的事' },
  memory: { en: 'memory by program at that moment', zh: '当时各程序占用的内存' },
  others: { en: '{count} others', zh: '其他 {count} 个' },
  swapped: { en: ' + {mib} swapped out', zh: ' + 交换出 {mib}' },
  fix: { en: '{where}:', zh: '{where}：' },
  change: { en: 'what to change', zh: '怎么改' },
  cut: { en: 'the report is not complete: some of it is missing in the log', zh: '日志不完整，缺少部分内容' },
} as const satisfies Record<string, Text>;

/** Kills that are told one by one, the newest: what a night of a program that dies each minute is judged by. */
const SHOWN_KILLS = 10;
/** More is a list that nobody reads. */
const SHOWN_PROGRAMS = 8;
const SHOWN_EVENTS = 6;
/** With the longest name, its number and what is swapped out a line has less than 80 columns. */
const BAR_WIDTH = 20;
const AROUND_INDENT = 4;

/**
 * A report for people, as lines for a terminal.
 * @param columns of it; sentences are as long as they are unless given, and lines to copy in any case.
 */
export function formatOom(
  report: OomReport,
  language: Language,
  style: Style = plain,
  timelines: readonly Timeline[] = [],
  columns = Number.POSITIVE_INFINITY,
): string[] {
  const word = (text: Text, data = {}) => say(text, language, data);
  const lines: string[] = [word(headOf(report), countsOf(report))];
  const { shown, earlier, isOfSeveral } = shownOf(report, language);
  if (earlier.length > 0) lines.push('', ...earlier);
  for (const { kill, index } of shown) {
    const timeline = timelines.find((one) => one.kill === index);
    const around =
      timeline === undefined
        ? linesAround(kill, report.timeline, language, columns - AROUND_INDENT)
        : drawTimeline(timeline, language, style, columns - AROUND_INDENT);
    const title = titleOf(kill, language, isOfSeveral);
    lines.push('', ...killLines(kill, title, around, language, style, columns));
  }
  for (const one of report.unfinished) lines.push('', ...wrapText(unfinishedText(one, language), columns));
  return lines;
}

/** The newest kills one by one, and lines on those before. */
function shownOf({ kills, killsLeftOut }: OomReport, language: Language) {
  const isOfSeveral = isOfSeveralMachines(kills);
  const from = Math.max(0, kills.length - SHOWN_KILLS);
  return {
    shown: kills.slice(from).map((kill, at) => ({ kill, index: from + at })),
    earlier: earlierKills(kills.slice(0, from), killsLeftOut, language, isOfSeveral),
    isOfSeveral,
  };
}

function unfinishedText({ invokedBy: by, time }: UnfinishedReport, language: Language): string {
  return say(WORDS.unfinished, language, { by, time: time === null ? '' : `${time}  ` });
}

/** The same as Markdown, for an issue or a chat. */
export function oomMarkdown(
  report: OomReport,
  language: Language,
  timelines: readonly Timeline[] = [],
): string {
  const word = (text: Text, data = {}) => say(text, language, data);
  const parts: string[] = [`# ${word(headOf(report), countsOf(report))}`];
  const { shown, earlier, isOfSeveral } = shownOf(report, language);
  if (earlier.length > 0) parts.push(fenced(earlier));
  for (const { kill, index } of shown) {
    parts.push(`## ${titleOf(kill, language, isOfSeveral)}`);
    const findings = explainKill(kill);
    parts.push(findings.map((finding) => `- ${say(finding.text, language, finding.data)}`).join('\n'));
    if (kill.memory.length > 0) parts.push(`**${word(WORDS.memory)}**`, fenced(picture(kill, language)));
    const timeline = timelines.find((one) => one.kill === index);
    if (timeline !== undefined)
      parts.push(`**${word(WORDS.around)}**`, fenced(drawTimeline(timeline, language)));
    const fixes = findings.flatMap(({ fix }) => fix);
    if (fixes.length > 0) parts.push(`**${word(WORDS.change)}**`);
    for (const { where, lines } of fixes) parts.push(word(WORDS.fix, { where }), fenced(lines));
  }
  for (const one of report.unfinished) parts.push(unfinishedText(one, language));
  return `${parts.join('\n\n')}\n`;
}

function fenced(lines: readonly string[]): string {
  return ['```', ...lines, '```'].join('\n');
}

function headOf({ kills, linesRead }: OomReport): Text {
  if (linesRead === 0) return WORDS.empty;
  return kills.length === 0 ? WORDS.none : WORDS.found;
}

function countsOf({ kills, killsLeftOut, linesRead }: OomReport) {
  return { count: kills.length + killsLeftOut, lines: linesRead };
}

function killLines(
  kill: Kill,
  title: string,
  around: readonly string[],
  language: Language,
  style: Style,
  columns: number,
): string[] {
  const findings = explainKill(kill);
  const lines = [
    ...wrapText(title, columns).map((line) => style('bold', line)),
    ...findings.flatMap((finding) =>
      hangingText(`  ${mark(finding, style)} `, 4, say(finding.text, language, finding.data), columns),
    ),
  ];
  if (!kill.complete) lines.push(`  ${style('dim', say(WORDS.cut, language))}`);
  if (kill.memory.length > 0) {
    lines.push(
      '',
      `  ${say(WORDS.memory, language)}`,
      ...picture(kill, language).map((line) => `    ${line}`),
    );
  }
  if (around.length > 0)
    lines.push(
      '',
      `  ${say(WORDS.around, language)}`,
      ...around.map((line) => ' '.repeat(AROUND_INDENT) + line),
    );
  const fixes = findings.flatMap(({ fix }) => fix);
  if (fixes.length > 0) lines.push('', `  ${say(WORDS.change, language)}`);
  for (const { where, lines: fix } of fixes) {
    const head = hangingText('    ', 4, say(WORDS.fix, language, { where }), columns);
    lines.push(...head, ...fix.map((line) => `      ${style('cyan', line)}`));
  }
  return lines;
}

function mark({ severity }: Finding, style: Style): string {
  if (severity === 'critical') return style('red', '✗');
  return severity === 'warning' ? style('yellow', '!') : style('dim', '·');
}

/** Memory by program as bars; swapped out memory is a lighter part of the bar. */
function picture(kill: Kill, language: Language): string[] {
  const { memory, memoryLeftOut } = inShort(kill, SHOWN_PROGRAMS);
  const { programs, ...sizes } = memoryLeftOut;
  // A name of its own says how many programs they are; together they may be larger than any, and have no bar.
  const others: MemoryShare = {
    name: say(WORDS.others, language, { count: programs }),
    processes: 1,
    ...sizes,
  };
  const rows = programs === 0 ? memory : [...memory, others];
  const largest = Math.max(1, ...memory.map(memoryOf));
  const labels = rows.map(({ name, processes }) => (processes === 1 ? name : `${name} × ${processes}`));
  const width = Math.max(...labels.map(displayWidth));
  return rows.map((share, index) => {
    const label = labels[index] ?? '';
    const full = Math.round((share.residentKb / largest) * BAR_WIDTH);
    const light = Math.round((share.swappedKb / largest) * BAR_WIDTH);
    const bar = share === others ? '' : `${'█'.repeat(full)}${'░'.repeat(light)}`;
    const swapped =
      share.swappedKb === 0 ? '' : say(WORDS.swapped, language, { mib: mebibytes(share.swappedKb) });
    const filling = ' '.repeat(width - displayWidth(label) + 2);
    return `${label}${filling}${bar}${bar === '' ? '' : ' '}${mebibytes(share.residentKb)}${swapped}`;
  });
}

/** Of the log alone, where nothing else is looked at. */
function linesAround(
  kill: Kill,
  timeline: readonly NotableLine[],
  language: Language,
  columns: number,
): string[] {
  return eventsAround(kill, timeline).flatMap(({ what, subject, time }) => {
    const lead = `${time ?? ''}  `;
    return hangingText(lead, lead.length, say(HAPPENED[what], language, { subject }), columns);
  });
}

/** The last things before it, and the first after. */
function eventsAround(kill: Kill, timeline: readonly NotableLine[]): readonly NotableLine[] {
  const here = timeline.filter((one) => !isElsewhere(one, kill));
  const before = here.filter(({ line }) => line < kill.line).slice(-SHOWN_EVENTS / 2);
  const after = here.filter(({ line }) => line > kill.line).slice(0, SHOWN_EVENTS / 2);
  return [...before, ...after];
}

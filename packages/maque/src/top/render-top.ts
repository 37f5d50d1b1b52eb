import type { ProcessStatus, SystemStatus } from '@maque/contract';
import { describeEvent, type KeeperEvent } from '@maque/keeper';
import { type Bytes, formatBytes, formatDuration, type Language, MiB, say, type Text } from '@maque/kit';
import type { Terminal } from '../cli/terminal.ts';
import { leakNotes, stateName } from '../control/process-words.ts';
import { fitText } from './fit-text.ts';
import type { TopState } from './top-state.ts';

/** The screen that a picture is for. */
export interface TopView {
  readonly columns: number;
  readonly rows: number;
  readonly language: Language;
  readonly style: Terminal['style'];
}

const WORDS = {
  memory: { en: 'memory', zh: '内存' },
  of: { en: '{used} of {budget}', zh: '{used} / {budget}' },
  box: { en: 'box', zh: '本机' },
  available: { en: '{available} of {limit} available', zh: '可用 {available} / {limit}' },
  swap: { en: 'swap {used}', zh: '交换区 {used}' },
  stall: { en: 'memory stall {stall} %', zh: '内存停滞 {stall} %' },
  process: { en: 'process', zh: '进程' },
  state: { en: 'state', zh: '状态' },
  memoryOf: { en: 'memory of budget', zh: '内存 / 预算' },
  rate: { en: 'req/s', zh: '请求/秒' },
  loop: { en: 'loop', zh: '循环' },
  restarts: { en: 'restarts', zh: '重启' },
  waiting: { en: 'waiting for the keeper ...', zh: '正在等待守护进程 ...' },
  keys: {
    en: 'q quit   r recycle {chosen}   up/down choose',
    zh: 'q 退出   r 替换 {chosen}   上/下 选择',
  },
  ask: { en: 'Replace {chosen}, without losing a request? y/n', zh: '替换 {chosen}（不丢请求）？y/n' },
} satisfies Record<string, Text>;

// From these shares of a budget on a bar is yellow and red; before 85 % a leaking worker is to be replaced.
const WATCH = 0.7;
const ALARM = 0.85;

const GAP = ' ';
// So that all of them and the shortest bar fit into 79, the width of an old terminal less one.
const WIDTHS = { process: 7, state: 8, bytes: 15, rate: 7, delay: 6, restarts: 8 };
const LONGEST_BAR = 30;
const SHORTEST_BAR = 5;

/** The whole screen: as many lines as it has rows, none wider than it is. Only ASCII beside words, for every font. */
export function renderTop(state: TopState, view: TopView): string[] {
  const { columns, rows, language } = view;
  const head = [...headLines(state, view), ''];
  const table =
    state.status === null ? [say(WORDS.waiting, language)] : processLines(state.status, state.chosen, view);
  const foot = footLine(state, view);
  const room = Math.max(0, rows - head.length - table.length - 2);
  const events = room === 0 ? [] : eventLines(state.events, room, view);
  const body = [...head, ...table, ...(events.length === 0 ? [] : ['', ...events])];
  const filled = [...body.slice(0, rows - 1), ...Array<string>(Math.max(0, rows - 1 - body.length)).fill('')];
  return [...filled, fitText(foot, columns).trimEnd()];
}

function headLines({ status, box }: TopState, view: TopView): string[] {
  const { language, columns, style } = view;
  const word = (text: Text, data = {}) => say(text, language, data);
  const facts = [
    box.used === null
      ? formatBytes(box.limit)
      : word(WORDS.available, {
          available: formatBytes(box.limit - box.used),
          limit: formatBytes(box.limit),
        }),
    ...(box.swapUsed === null ? [] : [word(WORDS.swap, { used: formatBytes(box.swapUsed) })]),
    ...(box.stall === null ? [] : [word(WORDS.stall, { stall: (box.stall * 100).toFixed(1) })]),
  ];
  const time = status === null ? '' : new Date(status.at).toTimeString().slice(0, 8);
  const title = fitText('maque top', Math.max(0, columns - time.length)) + time;
  const label = (text: Text) => fitText(word(text), 8);
  const boxLine = fitText(label(WORDS.box) + facts.join('  '), columns).trimEnd();
  return [
    style('bold', title),
    ...(status === null ? [] : [sumLine(status, label(WORDS.memory), view)]),
    boxLine,
  ];
}

function sumLine({ used, budget }: SystemStatus, label: string, view: TopView): string {
  const sum = say(WORDS.of, view.language, { used: formatBytes(used), budget: formatBytes(budget) });
  const width = Math.max(0, Math.min(LONGEST_BAR, view.columns - 36));
  return `${label}${bar(used / budget, width, view.style)} ${fitText(sum, view.columns - width - 11).trimEnd()}`;
}

/** A row a process, and below them whose memory grows. */
function processLines(status: SystemStatus, chosen: string | null, view: TopView): string[] {
  const { language, columns, style } = view;
  const shown = columnsFor(columns);
  const title = shown.map(({ title, width, align }) => fitText(say(title, language), width, align)).join(GAP);
  const rows = status.processes.map((row) => {
    const mark = row.id === chosen ? '>' : ' ';
    const cells = shown.map(({ cell, width, align }) => {
      const text = cell(row, view, width);
      return align === undefined ? text : fitText(text, width, align);
    });
    return row.id === chosen ? style('cyan', mark) + cells.join(GAP) : mark + cells.join(GAP);
  });
  const notes = leakNotes(status.processes, language).map((note) =>
    style('red', fitText(note, columns).trimEnd()),
  );
  return [style('dim', ` ${title}`), ...rows, ...(notes.length === 0 ? [] : ['', ...notes])];
}

interface Column {
  readonly title: Text;
  readonly width: number;
  /** Cells without one are as wide as they are to be. */
  readonly align?: 'left' | 'right';
  cell(row: ProcessStatus, view: TopView, width: number): string;
}

const plain = (title: string): Text => ({ en: title, zh: title });

/** Memory always; of the rest as much as fits, in the order of what it tells of trouble. */
function columnsFor(columns: number): Column[] {
  const { process, state, bytes, rate, delay, restarts } = WIDTHS;
  const always: Column[] = [
    { title: WORDS.process, width: process, align: 'left', cell: ({ id }) => id },
    {
      title: WORDS.state,
      width: state,
      align: 'left',
      cell: (row, { language }) => stateName(row.state, language),
    },
  ];
  const optional: Column[] = [
    { title: WORDS.rate, width: rate, align: 'right', cell: (row) => fixed(row.requestsPerSecond) },
    { title: plain('p99'), width: delay, align: 'right', cell: (row) => duration(row.p99Ms) },
    { title: WORDS.restarts, width: restarts, align: 'right', cell: (row) => String(row.restarts) },
    { title: WORDS.loop, width: delay, align: 'right', cell: (row) => duration(row.loopDelayP99Ms) },
    { title: plain('p50'), width: delay, align: 'right', cell: (row) => duration(row.p50Ms) },
  ];
  const bracketed = 3 + bytes;
  let room = columns - 1 - sumOf(always) - SHORTEST_BAR - bracketed;
  const fitting = optional.filter((column) => {
    const fits = sumOf([column]) <= room;
    if (fits) room -= sumOf([column]);
    return fits;
  });
  const barWidth = Math.max(SHORTEST_BAR, Math.min(LONGEST_BAR, SHORTEST_BAR + room));
  const memory: Column = {
    title: WORDS.memoryOf,
    width: barWidth + bracketed,
    cell: (row, { style }) =>
      `${bar(memoryOf(row) / row.budget, barWidth, style)} ${fitText(bytesOf(row), bytes, 'right')}`,
  };
  return [...always, memory, ...fitting];
}

function sumOf(columns: readonly Column[]): number {
  return columns.reduce((sum, { width }) => sum + width + GAP.length, 0);
}

function memoryOf({ pss, rss }: ProcessStatus): Bytes {
  return pss ?? rss;
}

/** In whole MiB, which stand below each other. */
function bytesOf(row: ProcessStatus): string {
  return `${Math.round(memoryOf(row) / MiB)} / ${Math.round(row.budget / MiB)} MiB`;
}

/** `[####------]` of so many inner columns. */
function bar(share: number, width: number, style: Terminal['style']): string {
  const full = Math.max(0, Math.min(width, Math.round(share * width)));
  const colour = share >= ALARM ? 'red' : share >= WATCH ? 'yellow' : 'green';
  return `[${style(colour, '#'.repeat(full))}${'-'.repeat(width - full)}]`;
}

function fixed(value: number | null): string {
  return value === null ? '-' : value.toFixed(1);
}

/** In six columns. */
function duration(ms: number | null): string {
  if (ms === null) return '-';
  return ms < 1_000 ? `${ms.toFixed(ms < 100 ? 1 : 0)}ms` : formatDuration(ms);
}

function eventLines(
  events: readonly KeeperEvent[],
  room: number,
  { columns, language, style }: TopView,
): string[] {
  return events.slice(-room).map((event) => {
    const time = new Date(event.at).toTimeString().slice(0, 8);
    return `${style('dim', time)} ${fitText(describeEvent(event, language), columns - time.length - 1).trimEnd()}`;
  });
}

function footLine({ chosen, isAsking, problem }: TopState, { language }: TopView): string {
  if (isAsking) return say(WORDS.ask, language, { chosen });
  return problem ?? say(WORDS.keys, language, { chosen: chosen ?? '' });
}

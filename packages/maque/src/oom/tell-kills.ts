import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { say, systemClock, type Text } from '@maque/kit';
import {
  formatOom,
  OomReader,
  type OomReport,
  oomMarkdown,
  readLogLines,
  type Timeline,
  writeOomJson,
} from '@maque/ops/oom';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { systemReason } from '../cli/system-reason.ts';
import type { ReadLog } from './kill-timelines.ts';
import { fileSource, type LogSource, machineSources, STANDARD_INPUT, standardInput } from './log-sources.ts';
import { type TimelineOptions, timelineOptions } from './timeline-options.ts';
import { unpacked } from './unpacked.ts';

const WORDS = {
  reading: { en: 'reading {name}', zh: '正在读取 {name}' },
  cut: {
    en: '{name} ends too early; what is before that was read',
    zh: '{name} 不完整；已读取断开之前的内容',
  },
} satisfies Record<string, Text>;

const SHOWN_NAMES = 2;

/** `maque oom`: who was killed for want of memory. Ends with 1 when somebody was. */
export async function tellKills(invocation: Invocation): Promise<ExitCode> {
  const { arguments: names, options, surroundings } = invocation;
  const { terminal, language, cwd } = surroundings;
  // A log is garbage as soon as it is read: V8's room for new objects stays small (30 MiB less, measured with 1 GB), and
  // what outlives that is collected before there are many times of it (14 MiB less, with 50 MB of the kernel's reports).
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=20');
  const wanted = timelineOptions(invocation);
  const paths = names.filter((name) => name !== STANDARD_INPUT).map((name) => resolve(cwd, name));
  const sources = names.map((name) =>
    name === STANDARD_INPUT ? standardInput : fileSource(resolve(cwd, name), name),
  );
  const tell: Tell = (text, name) => terminal.error(say(text, language, { name }));
  const { report, source } =
    sources.length > 0
      ? { report: await readAll(sources, tell), source: namesOf(names) }
      : await readMachine(tell);
  const log = { report, source, isLive: names.length === 0, paths };
  const timelines = await timelinesOf(log, wanted);
  if (options.json === true) {
    for (const part of writeOomJson(report, language, timelines)) {
      terminal.out(part);
      // A pipe takes 64 KiB at once; what it does not take waits in memory, so whoever reads gets a turn.
      await setImmediate();
    }
  } else if (options.markdown === true) terminal.out(oomMarkdown(report, language, timelines));
  else terminal.out(formatOom(report, language, terminal.style, timelines, terminal.columns()).join('\n'));
  return report.kills.length > 0 || report.unfinished.length > 0 ? 1 : 0;
}

/** As a timeline tells what it has read: many files by the first one and their number. */
function namesOf(names: readonly string[]): string {
  return names.length <= SHOWN_NAMES ? names.join(', ') : `${names[0]}, … (${names.length})`;
}

/** What looks at the machine is 30 MiB of code, and nothing to ask where nobody was killed. */
async function timelinesOf(log: ReadLog, wanted: TimelineOptions): Promise<readonly Timeline[]> {
  if (log.report.kills.length === 0) return [];
  const { killTimelines } = await import('./kill-timelines.ts');
  return killTimelines(log, wanted);
}

/** One report of several files, such as `messages` and its rotated ones. @throws CodedError LOG_UNREADABLE. */
async function readAll(sources: readonly LogSource[], tell: Tell): Promise<OomReport> {
  const reader = new OomReader({ nowMs: systemClock.now() });
  for (const source of sources) {
    try {
      for await (const line of readLogLines(await unpacked(source.open()))) reader.read(line);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (error.code !== 'Z_BUF_ERROR') throw unreadable(source, error);
      tell(WORDS.cut, source.name);
    }
  }
  return reader.report();
}

type Tell = (text: Text, name: string) => void;

interface MachineReading {
  readonly report: OomReport;
  readonly source: string;
}

/** The first place of this machine that tells of a kill. @throws CodedError NO_KERNEL_LOG where none can be read. */
async function readMachine(tell: Tell): Promise<MachineReading> {
  let empty: MachineReading | undefined;
  for (const { name, parts } of machineSources()) {
    const report = await readAll(parts, tell).catch(() => undefined);
    if (report === undefined || report.linesRead === 0) continue;
    tell(WORDS.reading, name);
    if (report.kills.length > 0) return { report, source: name };
    empty ??= { report, source: name };
  }
  if (empty === undefined) throw commandErrors.NO_KERNEL_LOG();
  return empty;
}

function unreadable({ name }: LogSource, error: NodeJS.ErrnoException): Error {
  return commandErrors.LOG_UNREADABLE({ data: { name, reason: systemReason(error) }, cause: error });
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}

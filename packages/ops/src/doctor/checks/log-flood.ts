import { type Bytes, KiB, type Milliseconds, SECOND, type Text } from '@maque/kit';
import type { FixLine } from '../../findings/finding.ts';
import type { Check, Outcome } from '../check.ts';
import { readLogEnd } from '../facts/log-end.ts';
import type { LogFile } from '../facts/log-files.ts';
import type { Host } from '../host/host.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';

/** A line or two for each request of a busy small shop is some tens. */
const MANY_PER_SECOND = 100;
const MANY_DEBUG_SHARE = 0.2;
/** Of fewer lines no share can be told. */
const LEAST_LINES = 50;
/** Between two looks at the size of a file. */
const LOOK_MS: Milliseconds = SECOND;
const END_BYTES: Bytes = 64 * KiB;
/** What was written within it is written now. */
const RECENT_MS: Milliseconds = 10 * 60 * SECOND;
const MOST_LOGS = 30;
/** Web servers write a line a request by trade (check F8), and npm all it does, once. */
const NOT_MEANT = /access[-_.]?log|\/(nginx|wwwlogs|apache2|httpd|\.npm\/_logs)\//;
/** pino's levels 10 and 20, and the words of all others. */
const DEBUG_LINE = /"level":(?:10|20)\b|\b(?:DEBUG|TRACE|debug|trace|silly)\b/;

export const JOURNAL_RATE_ARGUMENTS: readonly string[] = [
  ...['--no-pager', '--output=short-unix', '--since=-2min', '--lines=3000'],
];

const FLOOD: Text = {
  en: '{source} writes {rate} lines a second',
  zh: '{source} 每秒写 {rate} 行日志',
};
const DEBUG: Text = {
  en: '{share} % of the last lines of {source} are for debugging',
  zh: '{source} 最近的日志中有 {share}% 是调试信息',
};

const FIX: readonly FixLine[] = [
  {
    where: { en: 'in the environment of the app, then restart it', zh: '修改应用的环境变量并重启' },
    lines: ['LOG_LEVEL=info', 'MAQUE_LOG_LEVEL=info   # Maque'],
  },
];

export const logFlood: Check = {
  id: 'G5',
  name: 'log-flood',
  group: 'disk',
  title: { en: 'Too much is logged', zh: '日志写得太多' },
  why: {
    en: 'More than 100 lines a second cost processor, disk and, when the disk stalls, memory for what waits to be written: a flood of logs is a known cause of slow answers and of full disks.',
    zh: '每秒超过 100 行会消耗 CPU 和磁盘；磁盘变慢时，等待写出的内容还会占内存。日志泛滥是响应变慢和磁盘写满的常见原因。',
  },
  explanation: {
    en: 'The level says how much an app tells: error, warn, info, debug. debug is for a developer who looks for one fault, for an hour. In production info is enough, and of what happens a thousand times a second a sample.',
    zh: '日志级别决定应用记录多少：error、warn、info、debug。debug 供开发者排查问题时短时间使用。生产环境用 info 就够了；每秒上千次的事件只需抽样。',
  },
  async look(patient) {
    const { host } = patient;
    const { files, closed } = await patient.logFiles();
    const live = files
      .filter(({ path, modifiedAtMs }) => !NOT_MEANT.test(path) && host.nowMs - modifiedAtMs < RECENT_MS)
      .toSorted((one, other) => other.modifiedAtMs - one.modifiedAtMs)
      .slice(0, MOST_LOGS);
    const [written, journal] = await Promise.all([ofFiles(host, live), ofJournal(host)]);
    const hidden = closed.map((path) => cannotRead(path, { kind: 'unreadable', reason: 'EACCES' }));
    const outcomes = [...written, ...journal];
    const problems = outcomes.filter(({ kind }) => kind === 'finding');
    if (problems.length + hidden.length > 0) return [...problems, ...hidden];
    return outcomes.length > 0 ? outcomes.slice(0, 5) : NOT_APPLICABLE;
  },
};

async function ofFiles(host: Host, files: readonly LogFile[]): Promise<readonly Outcome[]> {
  if (files.length === 0) return [];
  const sizes = () => Promise.all(files.map(({ path }) => host.stat(path)));
  const before = await sizes();
  await host.wait(LOOK_MS);
  const after = await sizes();
  const outcomes = await Promise.all(
    files.map(async ({ path }, at): Promise<readonly Outcome[]> => {
      const [first, second] = [before[at], after[at]];
      const lines = await readLogEnd(host, path, END_BYTES);
      if (lines.kind === 'absent') return [];
      if (lines.kind !== 'value') return [cannotRead(path, lines)];
      const grown =
        first?.kind === 'value' && second?.kind === 'value' ? second.value.bytes - first.value.bytes : 0;
      const length =
        lines.value.reduce((sum, line) => sum + line.length + 1, 0) / Math.max(1, lines.value.length);
      const rate = Math.round((Math.max(0, grown) / Math.max(1, length) / LOOK_MS) * SECOND);
      return judge(path, rate, lines.value);
    }),
  );
  return outcomes.flat();
}

/** `1777593600.123456 shop node[900]: words`, by who says it. */
async function ofJournal(host: Host): Promise<readonly Outcome[]> {
  const output = await host.run('journalctl', JOURNAL_RATE_ARGUMENTS);
  if (output.kind !== 'value' || output.value.code !== 0) return [];
  const entries = [...output.value.stdout.matchAll(/^(\d+\.\d+) \S+ ([^\s[:]+)(?:\[\d+\])?: (.*)$/gm)];
  const times = entries.map(([, time]) => Number(time));
  const span = Math.max(1, (times.at(-1) ?? 0) - (times[0] ?? 0));
  const bySource = Map.groupBy(entries, ([, , source = '']) => source);
  return [...bySource].flatMap(([source, lines]) =>
    judge(
      `${source} (journal)`,
      Math.round(lines.length / span),
      lines.map(([, , , words = '']) => words),
    ),
  );
}

function judge(source: string, rate: number, lines: readonly string[]): readonly Outcome[] {
  const debugging = lines.filter((line) => DEBUG_LINE.test(line)).length;
  const share = lines.length < LEAST_LINES ? 0 : debugging / lines.length;
  const evidence = `${source}: ${rate} lines/s, ${debugging} of ${lines.length} for debugging`;
  const found = (text: Text, data: Readonly<Record<string, string | number>>): Outcome => ({
    kind: 'finding',
    severity: 'warning',
    text,
    data: { source, ...data },
    evidence,
    fix: FIX,
  });
  const problems: Outcome[] = [];
  if (rate > MANY_PER_SECOND) problems.push(found(FLOOD, { rate }));
  if (share > MANY_DEBUG_SHARE) problems.push(found(DEBUG, { share: Math.round(share * 100) }));
  return problems.length > 0 ? problems : [{ kind: 'ok', evidence }];
}

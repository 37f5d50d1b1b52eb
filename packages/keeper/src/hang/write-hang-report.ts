import { ReportFiles } from '@maque/guard/reporting';
import { formatDuration, type Language, type Milliseconds, say, type Text } from '@maque/kit';
import { describeHang, framePlace } from './describe-hang.ts';
import type { HangFinding } from './hang-finding.ts';

/** Grows when a field changes its meaning or goes. */
const HANG_REPORT_VERSION = 1;

/** A hang, as it is kept. Plain data without any of the users' (no addresses, no values). */
export interface HangReport {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly worker: string;
  readonly pid: number;
  readonly script: string;
  /** How long it had been silent when it was looked at. */
  readonly silentMs: Milliseconds;
  readonly finding: HangFinding;
}

export interface HangReportPlace {
  readonly dir: string;
  /** Of the Markdown. */
  readonly language: Language;
}

// Two weeks of one hang a day, and no more than 1 MiB.
const MAX_REPORTS = 20;

const TEXTS = {
  title: { en: 'Worker {worker} hung', zh: '工作进程 {worker} 失去响应' },
  about: { en: '{script}, process {pid}, {at}', zh: '{script}，进程 {pid}，{at}' },
  stack: { en: 'Stack, the innermost call first', zh: '调用栈（最内层在前）' },
  passing: {
    en: 'The first {count} came and went while it was looked at.',
    zh: '查看期间，前 {count} 层在不断变化。',
  },
  cost: { en: 'It took {took} to find out.', zh: '查明用时 {took}。' },
} satisfies Record<string, Text>;

/**
 * Writes a hang down as `hang-….json`, and as Markdown beside it; the newest 20 are kept.
 * @returns the path of the JSON file.
 * @throws Error when the folder cannot be written.
 */
export async function writeHangReport(
  { dir, language }: HangReportPlace,
  report: HangReport,
): Promise<string> {
  const firstLine = describeHang(report.finding, report.silentMs);
  const files = new ReportFiles(dir, 'hang', MAX_REPORTS);
  return await files.write({
    at: report.at,
    pid: report.pid,
    data: { version: HANG_REPORT_VERSION, ...report, firstLine },
    markdown: renderHangReport(report, firstLine, language),
  });
}

function renderHangReport(report: HangReport, firstLine: Text, language: Language): string {
  const { stack, thread, tookMs } = report.finding;
  const frames = stack?.frames ?? [];
  const steady = stack?.steady ?? 0;
  const lines = [
    `# ${say(TEXTS.title, language, { worker: report.worker })}`,
    say(TEXTS.about, language, { ...report }),
    `**${say(firstLine, language)}**`,
    ...(frames.length === 0
      ? []
      : [`## ${say(TEXTS.stack, language)}`, ['```', ...frames.map(framePlace), '```'].join('\n')]),
    ...(steady === 0 ? [] : [say(TEXTS.passing, language, { count: steady })]),
    ...(thread === null ? [] : [`\`${JSON.stringify(thread)}\``]),
    say(TEXTS.cost, language, { took: formatDuration(tookMs) }),
  ];
  return `${lines.join('\n\n')}\n`;
}

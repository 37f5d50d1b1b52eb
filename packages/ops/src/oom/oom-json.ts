import { type Language, say } from '@maque/kit';
import type { Severity } from '../findings/finding.ts';
import { explainKill } from './explain-kill.ts';
import type { UnfinishedReport } from './kernel-report.ts';
import type { Kill } from './kill.ts';
import type { NotableLine } from './notable-lines.ts';
import type { OomReport } from './oom-reader.ts';
import type { Timeline } from './timeline/timeline.ts';
import { type TimelineJson, timelineJson } from './timeline/timeline-json.ts';

/** Why, and what to change, in words. */
export interface OomFindingJson {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly fix: readonly { readonly where: string; readonly lines: readonly string[] }[];
}

/** What `maque oom --json` prints; published as `docs/reference/oom.schema.json`. */
export interface OomJson {
  readonly version: 1;
  readonly kills: readonly (Kill & { readonly findings: readonly OomFindingJson[] })[];
  readonly killsLeftOut: number;
  readonly unfinished: readonly UnfinishedReport[];
  /** Notable lines of the log itself, as they stand there. */
  readonly timeline: readonly NotableLine[];
  /** What happened around each kill, out of every source. */
  readonly timelines: readonly TimelineJson[];
  readonly linesRead: number;
}

/** The report as data for programs; `findings` say why in words too. */
export function oomJson(report: OomReport, language: Language, timelines: readonly Timeline[] = []): OomJson {
  return {
    version: 1,
    kills: report.kills.map((kill) => killJson(kill, language)),
    killsLeftOut: report.killsLeftOut,
    unfinished: report.unfinished,
    timeline: report.timeline,
    timelines: timelines.map((timeline) => timelineJson(timeline, language)),
    linesRead: report.linesRead,
  };
}

/** The same, written: kill by kill, since of a thousand the text is 3 MiB, and their findings are as much again. */
export function* writeOomJson(
  report: OomReport,
  language: Language,
  timelines: readonly Timeline[] = [],
): Generator<string> {
  const { kills } = report;
  const whole = JSON.stringify(oomJson({ ...report, kills: [] }, language, timelines), null, 2);
  if (kills.length === 0) {
    yield whole;
    return;
  }
  const at = whole.indexOf(NO_KILLS) + NO_KILLS.length - 1;
  yield whole.slice(0, at);
  for (const [index, kill] of kills.entries()) {
    const lines = JSON.stringify(killJson(kill, language), null, 2).replaceAll('\n', '\n    ');
    yield `    ${lines}${index < kills.length - 1 ? ',' : ''}`;
  }
  yield `  ${whole.slice(at)}`;
}

/** Where they stand; before it there is only a number. */
const NO_KILLS = '"kills": []';

function killJson(kill: Kill, language: Language): OomJson['kills'][number] {
  return {
    ...kill,
    findings: explainKill(kill).map(({ code, severity, text, data, fix }) => ({
      code,
      severity,
      message: say(text, language, data),
      fix: fix.map(({ where, lines }) => ({ where: say(where, language), lines })),
    })),
  };
}

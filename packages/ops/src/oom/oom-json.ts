import { type Language, say } from '@maque/kit';
import { explainKill } from './explain-kill.ts';
import type { OomReport } from './oom-reader.ts';

/** The report as data for programs; `findings` say why in words too. The form is published in the reference. */
export function oomJson(report: OomReport, language: Language): object {
  return {
    kills: report.kills.map((kill) => ({
      ...kill,
      findings: explainKill(kill).map(({ code, severity, text, data, fix }) => ({
        code,
        severity,
        message: say(text, language, data),
        fix: fix.map(({ where, lines }) => ({ where: say(where, language), lines })),
      })),
    })),
    killsLeftOut: report.killsLeftOut,
    unfinished: report.unfinished,
    timeline: report.timeline,
    linesRead: report.linesRead,
  };
}

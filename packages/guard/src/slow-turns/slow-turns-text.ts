import { formatDuration, type Language, say, type Text } from '@maque/kit';
import type { CodePosition } from '../explain/leak-report.ts';
import type { SlowTurnCause, SlowTurnsReport } from './slow-turns-report.ts';

const TEXTS = {
  turns: {
    en: '{turns} turns of the event loop took 100 ms or more within {watched}, the longest {longest}; {spent}',
    zh: '{watched} 内事件循环有 {turns} 轮超过 100 ms，最长 {longest}；{spent}',
  },
  inFunction: {
    en: '{share} of that in {place}{inside}, up to {most} at a time',
    zh: '其中 {share} 的时间花在 {place}{inside}，单次最长 {most}',
  },
  inside: { en: ' ({inner})', zh: '（{inner}）' },
} satisfies Record<string, Text>;

const SPENT: Record<SlowTurnCause, Text> = {
  code: { en: 'in which code cannot be told', zh: '无法指出是哪段代码' },
  collection: { en: 'on garbage collection', zh: '时间花在垃圾回收上' },
  crowd: {
    en: 'on many requests that were served in one go, none of them for long',
    zh: '时间花在一次性处理大量请求上，单个请求都不长',
  },
  starved: {
    en: 'the process did not run for most of it: others had the processor',
    zh: '其中大部分时间进程没有运行：处理器被其他进程占用',
  },
};

/** One sentence on what slow turns were spent on; null when there were none. */
export function describeSlowTurns(report: SlowTurnsReport): Text | null {
  if (report.turns === 0) return null;
  return { en: sentence(report, 'en'), zh: sentence(report, 'zh-CN') };
}

function sentence(report: SlowTurnsReport, language: Language): string {
  const [worst] = report.functions;
  const cause = mainCause(report.causes);
  const { share = 0, at, inside = null, longestMs = 0 } = worst ?? {};
  return say(TEXTS.turns, language, {
    spent: cause === 'code' && at !== undefined ? TEXTS.inFunction : SPENT[cause],
    turns: cause === 'code' ? report.causes.code : report.turns,
    watched: formatDuration(report.watchedMs),
    longest: formatDuration(report.longestMs),
    share: `${Math.round(share * 100)} %`,
    place: at === undefined ? '' : placeText(at),
    inside: inside === null ? '' : say(TEXTS.inside, language, { inner: inside }),
    most: formatDuration(longestMs),
  });
}

/** Code, if there is any to name: the rest is nobody's doing. */
function mainCause(causes: SlowTurnsReport['causes']): SlowTurnCause {
  if (causes.code > 0) return 'code';
  const others = ['collection', 'crowd', 'starved'] as const;
  return others.reduce((most, cause) => (causes[cause] > causes[most] ? cause : most));
}

function placeText({ function: name, file, line, column }: CodePosition): string {
  return file === '' ? name : `${name} (${file}:${line}:${column})`;
}

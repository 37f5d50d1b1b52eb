import type { Confirmation } from '@maque/guard';
import { type Bytes, formatBytes, formatDuration, type Language, say, type Text } from '@maque/kit';
import type { AutopsySummary } from './autopsy-summary.ts';
import type { Diagnosis } from './diagnosis.ts';

const WORDS = {
  heap: { en: 'JS heap', zh: 'JS 堆' },
  external: { en: 'Buffers', zh: 'Buffer（堆外）' },
  native: { en: 'native memory', zh: '原生内存' },
  leaking: { en: '{pool}: leaks{rate}, {live}{basis}', zh: '{pool}：存在泄漏{rate}，{live}{basis}' },
  growing: { en: '{pool}: grows{rate}, {live}{basis}', zh: '{pool}：在增长{rate}，{live}{basis}' },
  healthy: { en: 'Nothing grows{basis}', zh: '没有增长{basis}' },
  unknown: { en: 'Too early to say whether anything grows', zh: '运行时间太短，无法判断是否增长' },
  rate: { en: ' by {bytes} a minute', zh: '，每分钟 {bytes}' },
  live: { en: '{live} live{ofLimit}', zh: '存活 {live}{ofLimit}' },
  ofLimit: { en: ' of {limit}', zh: '（上限 {limit}）' },
  confirmed: { en: ' (full collections confirm it)', zh: '（已由完整回收证实）' },
  forecast: { en: ' (a forecast, not confirmed)', zh: '（仅为预测，尚未证实）' },
  report: { en: 'Report: {file}', zh: '报告：{file}' },
  snapshot: { en: 'Heap snapshot: {file}', zh: '堆快照：{file}' },
  noSnapshot: { en: 'No heap snapshot: {reason}', zh: '未生成堆快照：{reason}' },
  took: { en: 'It took {took}', zh: '用时 {took}' },
} satisfies Record<string, Text>;

const SEPARATORS: Record<Language, readonly [between: string, end: string]> = {
  en: ['. ', '.'],
  'zh-CN': ['。', '。'],
};

/** The finding in one line. */
export function diagnosisText(
  { verdict, isConfirmed, pool, bytesPerSecond }: Diagnosis,
  confirmed: Confirmation | null,
  language: Language,
): string {
  const live = pool === null ? null : (confirmed?.live[pool] ?? null);
  const limit = pool === null ? null : (confirmed?.limits[pool] ?? null);
  return say(WORDS[verdict], language, {
    pool: pool === null ? '' : WORDS[pool],
    rate: rateText(bytesPerSecond, language),
    live: live === null ? '' : liveText(live, limit, language),
    basis: say(isConfirmed ? WORDS.confirmed : WORDS.forecast, language),
  });
}

/** What an autopsy found, in one paragraph: for an event. */
export function describeAutopsy(summary: AutopsySummary, language: Language): string {
  const { firstLines, reportFile, snapshotFile, snapshotRefusal, tookMs } = summary;
  const tell = (text: Text, data: Readonly<Record<string, unknown>>) => say(text, language, data);
  const sentences = [
    ...say(firstLines, language).split('\n'),
    ...(reportFile === null ? [] : [tell(WORDS.report, { file: reportFile })]),
    ...(snapshotFile === null ? [] : [tell(WORDS.snapshot, { file: snapshotFile })]),
    ...(snapshotRefusal === null ? [] : [tell(WORDS.noSnapshot, { reason: say(snapshotRefusal, language) })]),
    tell(WORDS.took, { took: formatDuration(tookMs) }),
  ];
  const [between, end] = SEPARATORS[language];
  return sentences.join(between) + end;
}

/** The same for an alert: a line each, without what only a log needs. */
export function autopsyNote({ firstLines, reportFile }: AutopsySummary, language: Language): string {
  const lines = [say(firstLines, language), ...(reportFile === null ? [] : [reportFile])];
  return lines.join('\n');
}

function rateText(bytesPerSecond: number | null, language: Language): string {
  if (bytesPerSecond === null || !(bytesPerSecond > 0)) return '';
  return say(WORDS.rate, language, { bytes: formatBytes(Math.round(bytesPerSecond * 60)) });
}

function liveText(live: Bytes, limit: Bytes | null, language: Language): string {
  const ofLimit = limit === null ? '' : say(WORDS.ofLimit, language, { limit: formatBytes(limit) });
  return say(WORDS.live, language, { live: formatBytes(live), ofLimit });
}

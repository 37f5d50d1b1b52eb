import { formatBytes, formatDuration, type Language, say, type Text } from '@maque/kit';
import { POOLS } from '../detect/verdict.ts';
import type { Confirmation, ConfirmedGrowth } from '../leak-watch/confirmation.ts';

const WORDS = {
  heap: { en: 'JS heap', zh: 'JS 堆' },
  external: { en: 'Buffers', zh: 'Buffer（堆外）' },
  native: { en: 'Native memory', zh: '原生内存' },
  live: { en: '{pool}: {live} live{ofLimit}{change}', zh: '{pool}：存活 {live}{ofLimit}{change}' },
  ofLimit: { en: ' of {limit}', zh: '，上限 {limit}' },
  leaking: {
    en: '; {least}{bytes} more than {elapsed} before, {rate} a minute{perRequest}: it leaks',
    zh: '；比 {elapsed} 前{least}多 {bytes}，每分钟 {rate}{perRequest}：在泄漏',
  },
  growing: {
    en: '; {least}{bytes} more than {elapsed} before, {rate} a minute{perRequest}: it grows slowly',
    zh: '；比 {elapsed} 前{least}多 {bytes}，每分钟 {rate}{perRequest}：缓慢增长',
  },
  healthy: {
    en: '; no noticeable growth in {elapsed}',
    zh: '；{elapsed} 内没有明显增长',
  },
  least: { en: 'at least ', zh: '至少' },
  perRequest: { en: ', {bytes} a request', zh: '，每个请求 {bytes}' },
  once: {
    en: 'Only one full collection was made, so how much has come cannot be said.',
    zh: '只做过一次完整回收，无法比较增长。',
  },
} satisfies Record<string, Text>;

/** What full collections showed, a line a pool. */
export function confirmedLines({ live, limits, since }: Confirmation, language: Language): string[] {
  const lines = POOLS.flatMap((pool) => {
    const used = live[pool];
    if (used === null) return [];
    const limit = limits[pool];
    return say(WORDS.live, language, {
      pool: WORDS[pool],
      live: formatBytes(used),
      ofLimit: limit === null ? '' : say(WORDS.ofLimit, language, { limit: formatBytes(limit) }),
      change: since === null ? '' : changeText(since.growth[pool], since, language),
    });
  });
  return since === null ? [...lines, say(WORDS.once, language)] : lines;
}

function changeText(
  growth: ConfirmedGrowth | null,
  { elapsedMs, isExact }: NonNullable<Confirmation['since']>,
  language: Language,
): string {
  if (growth === null) return '';
  const { verdict, bytes, bytesPerSecond, bytesPerRequest } = growth;
  const perRequest =
    bytesPerRequest === null
      ? ''
      : say(WORDS.perRequest, language, { bytes: formatBytes(Math.round(bytesPerRequest)) });
  return say(WORDS[verdict], language, {
    least: isExact ? '' : say(WORDS.least, language),
    bytes: formatBytes(Math.round(bytes)),
    elapsed: formatDuration(Math.round(elapsedMs / 1_000) * 1_000),
    rate: formatBytes(Math.round(bytesPerSecond * 60)),
    perRequest,
  });
}

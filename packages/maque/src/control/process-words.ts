import type { LeakOutlook, ProcessStatus } from '@maque/contract';
import { formatBytes, type Language, MINUTE, SECOND, say, type Text } from '@maque/kit';

const STATES = {
  starting: { en: 'starting', zh: '启动中' },
  ready: { en: 'ready', zh: '就绪' },
  draining: { en: 'draining', zh: '排空中' },
  stopped: { en: 'stopped', zh: '已停止' },
  failed: { en: 'failed', zh: '失败' },
} satisfies Record<ProcessStatus['state'], Text>;

const POOLS = {
  heap: { en: 'the JS heap', zh: 'JS 堆' },
  external: { en: 'memory of buffers', zh: 'Buffer 内存' },
  native: { en: 'native memory', zh: '原生内存' },
} satisfies Record<LeakOutlook['pool'], Text>;

const WORDS = {
  leak: {
    en: '{process}: {pool} {verdict}, {rate} a minute; {probability} % likely to reach its limit within 30 min',
    zh: '{process}：{pool}{verdict}，每分钟 {rate}；30 分钟内触及上限的概率 {probability} %',
  },
  leaks: { en: 'leaks', zh: '泄漏' },
  grows: { en: 'grows', zh: '增长' },
} satisfies Record<string, Text>;

export function stateName(state: ProcessStatus['state'], language: Language): string {
  return say(STATES[state], language);
}

/** Whose memory grows, how fast and to what end; a sentence for each process that it is true of. */
export function leakNotes(processes: readonly ProcessStatus[], language: Language): string[] {
  return processes.flatMap(({ id, leak }) => (leak === null ? [] : leakNote(id, leak, language)));
}

function leakNote(process: string, leak: LeakOutlook, language: Language): string {
  return say(WORDS.leak, language, {
    process,
    pool: POOLS[leak.pool],
    verdict: leak.verdict === 'leaking' ? WORDS.leaks : WORDS.grows,
    rate: formatBytes(Math.round((leak.bytesPerSecond * MINUTE) / SECOND)),
    probability: Math.round(leak.probability * 100),
  });
}

/** `12.3 ms`, or a dash where nobody tells. */
export function milliseconds(value: number | null): string {
  return value === null ? '-' : `${value.toFixed(1)} ms`;
}

import { formatBytes, formatDuration, type Language, say, type Text } from '@maque/kit';
import type { SnapshotRefusal } from './judge-snapshot.ts';
import type { SnapshotResult } from './snapshot-taker.ts';

const WORDS = {
  taken: {
    en: 'Heap snapshot of {nodes} objects in {file} ({size}); the process stood still for {blocked} and took {memory} more, most of which it keeps until it ends',
    zh: '堆快照已写入 {file}（{nodes} 个对象，{size}）；进程停顿 {blocked}，内存增加 {memory}，大部分在进程结束前不会归还',
  },
  raw: {
    en: 'It is not redacted: whoever can read it reads what users said',
    zh: '未脱敏：能读取该文件的人都能看到用户数据',
  },
  refused: {
    en: 'No heap snapshot of about {nodes} objects was taken:',
    zh: '未生成堆快照（约 {nodes} 个对象）：',
  },
  MEMORY_SHORT: {
    en: 'it needs up to {needed} of memory, and {available} are left',
    zh: '最多需要 {needed} 内存，而只剩 {available}',
  },
  PAUSE_TOO_LONG: {
    en: 'the process would stand still for about {expected}, and {allowed} are allowed',
    zh: '进程约停顿 {expected}，超过允许的 {allowed}',
  },
  DISK_SHORT: {
    en: 'its file takes about {needed}, and {available} of disk may be used',
    zh: '文件约需 {needed}，而磁盘可用空间只有 {available}',
  },
  FILE_TOO_LARGE: {
    en: 'its file takes about {expected}, and all snapshots together may take {allowed}',
    zh: '文件约需 {expected}，超过快照总量上限 {allowed}',
  },
} satisfies Record<string, Text>;

/** What came of asking for a snapshot, for people: one line a fact. */
export function snapshotLines(result: SnapshotResult, language: Language): string[] {
  if (!result.taken) {
    const nodes = result.predicted.nodes.toLocaleString('en');
    return [
      say(WORDS.refused, language, { nodes }),
      ...result.refusals.map((refusal) => `- ${refusalText(refusal, language)}`),
    ];
  }
  const { nodes, file, blockedMs, memory } = result.actual;
  const taken = say(WORDS.taken, language, {
    nodes: nodes.toLocaleString('en'),
    file: result.file,
    size: formatBytes(file),
    blocked: formatDuration(blockedMs),
    memory: formatBytes(memory),
  });
  return result.redacted ? [taken] : [taken, say(WORDS.raw, language)];
}

/** Why no snapshot was taken. */
export function refusalText(refusal: SnapshotRefusal, language: Language): string {
  const text = WORDS[refusal.code];
  switch (refusal.code) {
    case 'MEMORY_SHORT':
    case 'DISK_SHORT':
      return say(text, language, {
        needed: formatBytes(refusal.needed),
        available: formatBytes(refusal.available),
      });
    case 'FILE_TOO_LARGE':
      return say(text, language, {
        expected: formatBytes(refusal.expected),
        allowed: formatBytes(refusal.allowed),
      });
    case 'PAUSE_TOO_LONG':
      return say(text, language, {
        expected: formatDuration(refusal.expectedMs),
        allowed: formatDuration(refusal.allowedMs),
      });
  }
}

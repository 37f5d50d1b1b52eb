import type { Language, Text } from '@maque/kit';
import { say } from '@maque/kit';
import type { CheckGroup } from '../check.ts';
import type { OutcomeCounts } from '../examination.ts';

/** What the text and the Markdown report both say. */
export const WORDS = {
  seen: { en: 'seen: ', zh: '所见：' },
  why: { en: 'why: ', zh: '原因：' },
  fix: { en: 'fix: ', zh: '修复：' },
  counts: {
    en: 'critical {critical}, warnings {warning}, remarks {info} · fine {ok} · not known {unknown} · not here {notApplicable}',
    zh: '严重 {critical}，警告 {warning}，提示 {info} · 正常 {ok} · 未知 {unknown} · 不涉及 {notApplicable}',
  },
  fine: { en: 'Nothing is wrong, as far as could be seen.', zh: '就所见范围，未发现问题。' },
  nothingSeen: { en: 'Nothing could be looked at.', zh: '什么都没能看到。' },
  unknowns: { en: 'Could not be looked at', zh: '无法检查' },
  fines: { en: 'Fine', zh: '正常' },
  absent: { en: 'Not here', zh: '不涉及' },
  unknownHint: {
    en: 'Not known is not fine: {count} could not be looked at; --all tells why',
    zh: '未知不等于正常：有 {count} 项无法检查；用 --all 查看原因',
  },
  rootHint: { en: 'root sees more: sudo maque doctor', zh: '以 root 运行能看到更多：sudo maque doctor' },
  fixHint: { en: 'maque doctor --fix mends: {ids}', zh: 'maque doctor --fix 可修复：{ids}' },
  more: { en: '… and {count} more', zh: '……另有 {count} 项' },
} satisfies Record<string, Text>;

export const GROUP_TITLES: Readonly<Record<CheckGroup, Text>> = {
  memory: { en: 'Memory', zh: '内存' },
  units: { en: 'Services and their limits', zh: '服务与上限' },
  node: { en: 'Node.js', zh: 'Node.js' },
  database: { en: 'MariaDB and MySQL', zh: 'MariaDB 与 MySQL' },
  redis: { en: 'Redis', zh: 'Redis' },
  front: { en: 'nginx, TLS and the mini-program', zh: 'nginx、TLS 与小程序' },
  disk: { en: 'Logs, disk, time, backups', zh: '日志、磁盘、时间、备份' },
  neighbours: { en: 'What else runs there', zh: '同机的其他程序' },
};

export function countsLine(counts: OutcomeCounts, language: Language): string {
  return say(WORDS.counts, language, { ...counts });
}

import type { Text } from '@maque/kit';
import type { NotableLine } from '../notable-lines.ts';

/** How what is found in a log is told. */
export const HAPPENED: Readonly<Record<NotableLine['what'], Text>> = {
  'swap-added': { en: 'swap added: {subject}', zh: '添加交换空间：{subject}' },
  pressure: { en: 'journald flushed its caches under memory pressure', zh: '内存吃紧，journald 清空缓存' },
  'unit-started': { en: 'started: {subject}', zh: '启动：{subject}' },
  'unit-stopped': { en: 'stopped: {subject}', zh: '停止：{subject}' },
  'unit-restarted': { en: 'restarted: {subject}', zh: '重启：{subject}' },
  'unit-failed': { en: 'ended by a signal or an error: {subject}', zh: '异常结束：{subject}' },
  'job-started': { en: 'cron: {subject}', zh: '定时任务：{subject}' },
  deployed: { en: 'deploy: {subject}', zh: '上线：{subject}' },
  'memory-low': { en: '{subject} of memory left', zh: '剩余内存 {subject}' },
  'fork-failed': {
    en: 'no memory for a child process: {subject}',
    zh: '内存不足，无法创建子进程：{subject}',
  },
  'no-victim': { en: 'nothing was left to kill', zh: '已无可杀的进程' },
  panicked: { en: 'the kernel stopped: {subject}', zh: '内核停止运行：{subject}' },
  booted: { en: 'booted, kernel {subject}', zh: '系统启动，内核 {subject}' },
};

export const KILLED: Text = { en: 'killed: {subject}', zh: '被杀：{subject}' };

import { formatBytes, type Text } from '@maque/kit';
import type { Check } from '../check.ts';
import { cannotRead } from '../outcomes.ts';

// earlyoom acts at 10 % (its default), the kernel soon after; the page cache is already squeezed at 15 %.
const WARN_SHARE = 0.15;
const CRITICAL_SHARE = 0.08;

const LOW: Text = {
  en: '{available} of {total} of memory is available ({share} %)',
  zh: '可用内存 {available},总计 {total}({share}%)',
};

export const availableMemory: Check = {
  id: 'A1',
  name: 'mem-available',
  group: 'memory',
  title: { en: 'Available memory', zh: '可用内存' },
  why: {
    en: 'Below 15 % the page cache is squeezed and everything reads from the disk; at 10 % earlyoom begins to kill, and the kernel soon after.',
    zh: '低于 15% 时页缓存被挤占,读盘增多;低于 10% 时 earlyoom 开始杀进程,内核随后。',
  },
  explanation: {
    en: 'Memory that programs can still get without anything being killed. Not the same as "free", which leaves out what the kernel only borrows for files and gives back.',
    zh: '程序还能申请到、而不会触发杀进程的内存。它与 “free” 不同:内核借去缓存文件、随时可归还的部分也算可用。',
  },
  async look(patient) {
    const memory = await patient.memoryInfo();
    if (memory.kind !== 'value') return [cannotRead('/proc/meminfo', memory)];
    const [total = 0, available = 0] = ['MemTotal', 'MemAvailable'].map((name) => memory.value.get(name));
    const share = available / total;
    const evidence = `MemAvailable ${formatBytes(available)}, MemTotal ${formatBytes(total)}`;
    if (share >= WARN_SHARE) return [{ kind: 'ok', evidence }];
    const data = {
      available: formatBytes(available),
      total: formatBytes(total),
      share: Math.round(share * 100),
    };
    return [
      {
        kind: 'finding',
        severity: share < CRITICAL_SHARE ? 'critical' : 'warning',
        text: LOW,
        data,
        evidence,
        fix: [
          {
            where: {
              en: 'see who has it, then give the largest a smaller limit',
              zh: '先看谁占用最多,再降低其上限',
            },
            lines: ['ps -eo pid,rss,comm --sort=-rss | head', 'maque plan'],
          },
        ],
      },
    ];
  },
};

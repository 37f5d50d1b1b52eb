import { formatBytes, type Text } from '@maque/kit';
import type { Check } from '../check.ts';
import { cannotRead } from '../outcomes.ts';

// earlyoom acts at 10 % (its default), the kernel soon after; the page cache is already squeezed at 15 %.
const WARN_SHARE = 0.15;
const CRITICAL_SHARE = 0.08;
/** As many as one looks at before deciding. */
const SHOWN_SERVICES = 5;

const LOW: Text = {
  en: '{available} of {total} of memory is available ({share} %); most of it is with {services}',
  zh: '可用内存 {available}，总计 {total}（{share}%）；占用最多的是 {services}',
};

export const availableMemory: Check = {
  id: 'A1',
  name: 'mem-available',
  group: 'memory',
  title: { en: 'Available memory', zh: '可用内存' },
  why: {
    en: 'Below 15 % the page cache is squeezed and everything reads from the disk; at 10 % earlyoom begins to kill, and the kernel soon after.',
    zh: '低于 15% 时页缓存被挤占，读盘增多；低于 10% 时 earlyoom 开始杀进程，内核随后。',
  },
  explanation: {
    en: 'Memory that programs can still get without anything being killed. Not the same as "free", which leaves out what the kernel only borrows for files and gives back. In a container its limit counts.',
    zh: '程序还能申请到、而不会触发杀进程的内存。它与 “free” 不同：内核借去缓存文件、随时可归还的部分也算可用。在容器里以容器的上限为准。',
  },
  async look(patient) {
    const room = await patient.memoryRoom();
    if (room.kind !== 'value') return [cannotRead('/proc/meminfo', room)];
    const { totalBytes, availableBytes, boundedBy } = room.value;
    const share = availableBytes / totalBytes;
    const evidence = `available ${formatBytes(availableBytes)} of ${formatBytes(totalBytes)} (${boundedBy})`;
    if (share >= WARN_SHARE) return [{ kind: 'ok', evidence }];
    const services = await patient.services();
    const largest = services.kind === 'value' ? services.value.slice(0, SHOWN_SERVICES) : [];
    const data = {
      available: formatBytes(availableBytes),
      total: formatBytes(totalBytes),
      share: Math.round(share * 100),
      services: largest.map(({ name, memoryBytes }) => `${name} (${formatBytes(memoryBytes)})`).join(', '),
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
              zh: '先看谁占用最多，再降低其上限',
            },
            lines: ['ps -eo pid,rss,comm --sort=-rss | head', 'maque plan'],
          },
        ],
      },
    ];
  },
};
